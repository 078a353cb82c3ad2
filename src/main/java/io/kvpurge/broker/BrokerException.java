package io.kvpurge.broker;

import org.jspecify.annotations.Nullable;

/** The broker cannot be used. The message is for people, without secrets. */
public class BrokerException extends RuntimeException {

	BrokerException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
