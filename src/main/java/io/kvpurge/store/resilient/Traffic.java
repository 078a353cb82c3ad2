package io.kvpurge.store.resilient;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.RequestRate;
import io.kvpurge.store.StoreCapabilities;

/**
 * What all who work with one store share on their way to it: the pace, and how many bulk
 * calls are under way at once. Safe for use by several threads.
 */
public final class Traffic {

	/** How often a thread that waits for its turn looks whether it shall give up. */
	private static final long LOOK_MILLIS = 100;

	private final Pace pace;

	private final Semaphore bulkCalls;

	private final LongAdder pauses = new LongAdder();

	public Traffic(Pace pace, int bulkCallsAtOnce) {
		this.pace = pace;
		this.bulkCalls = new Semaphore(bulkCallsAtOnce, true);
	}

	/** In this process alone. */
	public static Traffic local(StoreCapabilities capabilities, @Nullable RequestRate rate) {
		return new Traffic(new LocalPace(rate), capabilities.bulkCallsAtOnce());
	}

	Pace pace() {
		return this.pace;
	}

	/** The store asked to be left alone for so long. */
	void pause(Duration duration) {
		this.pauses.increment();
		this.pace.pause(duration);
	}

	/** How often the store asked to be left alone. */
	public long pauses() {
		return this.pauses.sum();
	}

	/**
	 * Takes one of the places for bulk calls.
	 * @throws InterruptedException if the waiter gives up: there is nothing to give back
	 */
	void enter(Waiter waiter) throws InterruptedException {
		while (!this.bulkCalls.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
			waiter.await(Duration.ZERO);
		}
	}

	/** Gives the place back. */
	void leave() {
		this.bulkCalls.release();
	}

}
