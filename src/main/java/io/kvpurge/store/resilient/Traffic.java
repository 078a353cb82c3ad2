package io.kvpurge.store.resilient;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

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

	/** How often one asks for a place that other processes have. */
	private static final Duration SHARED_LOOK = Duration.ofMillis(500);

	private final Pace pace;

	private final int bulkCallsAtOnce;

	private final Semaphore bulkCalls;

	private final @Nullable SharedLimits shared;

	private final @Nullable KeyPace keyPace;

	private final LongAdder pauses = new LongAdder();

	private final Relief relief = new Relief(System::nanoTime);

	Traffic(Pace pace, int bulkCallsAtOnce) {
		this(pace, bulkCallsAtOnce, null);
	}

	Traffic(Pace pace, int bulkCallsAtOnce, @Nullable KeyPace keyPace) {
		this(pace, bulkCallsAtOnce, keyPace, null);
	}

	private Traffic(Pace pace, int bulkCallsAtOnce, @Nullable KeyPace keyPace, @Nullable SharedLimits shared) {
		this.pace = pace;
		this.keyPace = keyPace;
		this.shared = shared;
		this.bulkCallsAtOnce = bulkCallsAtOnce;
		this.bulkCalls = new Semaphore(bulkCallsAtOnce, true);
	}

	/**
	 * In this process alone.
	 * @param rate the most requests that may go out, null for as many as the store takes
	 * @param keysPerSecond the most keys that may be deleted or written, null for as many
	 * as it takes
	 */
	public static Traffic local(StoreCapabilities capabilities, @Nullable RequestRate rate,
			@Nullable Integer keysPerSecond) {
		return new Traffic(new LocalPace(rate), capabilities.bulkCallsAtOnce(),
				(keysPerSecond != null) ? new KeyPace(keysPerSecond, System::nanoTime) : null);
	}

	/**
	 * In one of several processes.
	 * @param limits what they have agreed on
	 * @param rate the most requests that may go out from all together, null for as many
	 * as the store takes
	 */
	public static Traffic shared(StoreCapabilities capabilities, SharedLimits limits, @Nullable RequestRate rate) {
		boolean isBounded = capabilities.bulkCallsAtOnce() < Integer.MAX_VALUE;
		return new Traffic(new SharedPace(limits, rate), capabilities.bulkCallsAtOnce(), null,
				isBounded ? limits : null);
	}

	/**
	 * Waits until so many keys more may be deleted or written.
	 * @throws InterruptedException if the waiter gives up
	 */
	void awaitKeys(int keys, Waiter waiter) throws InterruptedException {
		if (this.keyPace != null) {
			this.keyPace.await(keys, waiter);
		}
	}

	Pace pace() {
		return this.pace;
	}

	/** The store asked to be left alone for so long. */
	void pause(Duration duration) {
		this.pauses.increment();
		this.pace.pause(duration);
	}

	/**
	 * Waits, for however long, while the store is too slow for those who work with it.
	 * @param strain says why to wait, null when it is over
	 * @throws InterruptedException if the waiter gives up
	 */
	void awaitRelief(Supplier<@Nullable String> strain, Waiter waiter) throws InterruptedException {
		this.relief.await(strain, waiter);
	}

	/** Why everybody waits right now, null if nobody does. */
	public @Nullable String strain() {
		return this.relief.reason();
	}

	/** For how long somebody waited since the store was too slow. */
	public Duration strained() {
		return this.relief.waited();
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
		if (this.shared != null) {
			enterAmongAll(this.shared, waiter);
		}
	}

	private void enterAmongAll(SharedLimits all, Waiter waiter) throws InterruptedException {
		boolean isIn = false;
		try {
			while (!all.enter(this.bulkCallsAtOnce)) {
				waiter.await(SHARED_LOOK);
			}
			isIn = true;
		}
		finally {
			if (!isIn) {
				this.bulkCalls.release();
			}
		}
	}

	/** Gives the place back. */
	void leave() {
		try {
			if (this.shared != null) {
				this.shared.leave();
			}
		}
		finally {
			this.bulkCalls.release();
		}
	}

}
