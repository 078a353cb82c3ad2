package io.kvpurge.store.resilient;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.retry.backoff.BackOffInterruptedException;
import org.springframework.retry.support.RetryTemplate;

import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.TransientStoreException;

/**
 * Opens a store that asks to be left alone for a while, as one does after a run that was
 * throttled. What fails in another way fails at once: nothing was begun.
 */
public final class ResilientOpening {

	private final RetryTemplate retry = new RetryTemplate();

	/**
	 * @param waiter waits as long as the store asks for; where it is interrupted, the
	 * store's last word is the caller's
	 */
	public ResilientOpening(RetrySettings settings, Waiter waiter) {
		this.retry.setRetryPolicy(new PatientRetryPolicy(1));
		this.retry.setBackOffPolicy(new RetryAfterBackOffPolicy(settings, waiter));
	}

	/**
	 * Opens it.
	 * @throws io.kvpurge.store.StoreException if it cannot be opened
	 */
	public KeyValueStore open(Supplier<KeyValueStore> opening) {
		@Nullable TransientStoreException[] last = new TransientStoreException[1];
		try {
			return this.retry.execute((context) -> {
				try {
					return opening.get();
				}
				catch (TransientStoreException ex) {
					last[0] = ex;
					throw ex;
				}
			});
		}
		catch (BackOffInterruptedException ex) {
			throw (last[0] != null) ? last[0] : new TransientStoreException("gave up waiting for the store", ex, null);
		}
	}

}
