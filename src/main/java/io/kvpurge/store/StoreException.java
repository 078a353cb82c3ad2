package io.kvpurge.store;

import org.jspecify.annotations.Nullable;

/**
 * The store said no, or cannot be used as it was described. The message is for people:
 * one line that says what is wrong and what to do, without secrets.
 */
public class StoreException extends RuntimeException {

	public StoreException(String message) {
		super(message);
	}

	public StoreException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
