package io.kvpurge.store.resilient;

import java.time.Duration;

/** Waits, unless there is no more reason to. */
@FunctionalInterface
public interface Waiter {

	/**
	 * Waits for that long.
	 * @throws InterruptedException if the caller shall give up
	 */
	void await(Duration duration) throws InterruptedException;

}
