package io.kvpurge.store.resilient;

import java.time.Duration;

import io.kvpurge.store.RateLimit;

/**
 * Says when the next request may go out: one pace for all who send requests to a store,
 * on whichever thread. Safe for use by several threads.
 */
public interface Pace {

	/**
	 * Waits until one more request may go out.
	 * @param waiter how to wait
	 * @param first whether it goes before others where requests go out one by one: what
	 * waits to be deleted grows old
	 * @throws InterruptedException if the waiter gives up: no request may go out
	 */
	void await(Waiter waiter, boolean first) throws InterruptedException;

	/** The store asked to be left alone for so long: nobody's request goes out before. */
	void pause(Duration duration);

	/** Heeds what the store said of how many requests it still takes. */
	void adjust(RateLimit limit);

}
