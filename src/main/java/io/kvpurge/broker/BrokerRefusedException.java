package io.kvpurge.broker;

import org.jspecify.annotations.Nullable;

/**
 * The broker does not let this user in, or is not the one that it should be: a person
 * must mend that.
 */
public class BrokerRefusedException extends BrokerException {

	BrokerRefusedException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
