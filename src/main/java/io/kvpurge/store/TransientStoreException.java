package io.kvpurge.store;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/** The store could not do it now; asking again later may help. */
public class TransientStoreException extends StoreException {

	private final @Nullable Duration retryAfter;

	public TransientStoreException(String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
		super(message, cause);
		this.retryAfter = retryAfter;
	}

	/** How long the store asks to be left alone, null if it did not say. */
	public @Nullable Duration retryAfter() {
		return this.retryAfter;
	}

}
