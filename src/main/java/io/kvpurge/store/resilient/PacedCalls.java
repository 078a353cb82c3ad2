package io.kvpurge.store.resilient;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.retry.backoff.BackOffInterruptedException;

import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.RateLimit;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;

/**
 * Lets calls go out when it is their turn, and heeds what the store says of its limits.
 */
final class PacedCalls {

	private final KeyValueStore store;

	private final Traffic traffic;

	private final Waiter waiter;

	PacedCalls(KeyValueStore store, Traffic traffic, Waiter waiter) {
		this.store = store;
		this.traffic = traffic;
		this.waiter = waiter;
	}

	/**
	 * Makes a call when it is its turn.
	 * @throws BackOffInterruptedException if the wait was given up: the call was not made
	 */
	<T extends @Nullable Object> T single(Supplier<T> call) {
		return inTurn(call, false);
	}

	private <T extends @Nullable Object> T inTurn(Supplier<T> call, boolean first) {
		try {
			this.traffic.awaitRelief(this.store::strain, this.waiter);
			this.traffic.pace().await(this.waiter, first);
		}
		catch (InterruptedException ex) {
			throw new BackOffInterruptedException("gave up waiting", ex);
		}
		try {
			return call.get();
		}
		catch (StoreException ex) {
			heed(ex);
			throw ex;
		}
		finally {
			RateLimit limit = this.store.takeRateLimit();
			if (limit != null) {
				this.traffic.pace().adjust(limit);
			}
		}
	}

	/**
	 * As {@link #single} but before the others, with no more such calls under way than
	 * the store takes.
	 */
	<T extends @Nullable Object> T bulk(Supplier<T> call) {
		try {
			this.traffic.enter(this.waiter);
		}
		catch (InterruptedException ex) {
			throw new BackOffInterruptedException("gave up waiting", ex);
		}
		try {
			return inTurn(call, true);
		}
		finally {
			this.traffic.leave();
		}
	}

	/** As {@link #bulk} for a call that deletes or writes so many keys. */
	<T extends @Nullable Object> T changing(int keys, Supplier<T> call) {
		try {
			this.traffic.awaitKeys(keys, this.waiter);
		}
		catch (InterruptedException ex) {
			throw new BackOffInterruptedException("gave up waiting", ex);
		}
		return bulk(call);
	}

	/** What one caller was told holds for all. */
	void heed(StoreException failure) {
		if (failure instanceof TransientStoreException passing && passing.retryAfter() != null) {
			this.traffic.pause(passing.retryAfter());
		}
	}

}
