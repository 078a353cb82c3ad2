package io.kvpurge.store.resilient;

import java.time.Duration;
import java.util.function.LongSupplier;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import org.jspecify.annotations.Nullable;

/**
 * How many keys may be deleted or written in a second, whatever number of calls that
 * takes. Safe for use by several threads.
 */
public final class KeyPace {

	/** So many times a second a little is done, rather than once a second all of it. */
	private static final int STEPS = 10;

	private final int step;

	private final Bucket bucket;

	KeyPace(int keysPerSecond, LongSupplier nanoTime) {
		this.step = keysAtOnce(keysPerSecond);
		this.bucket = Bucket.builder()
			.addLimit(Bandwidth.builder()
				.capacity(this.step)
				.refillGreedy(keysPerSecond, Duration.ofSeconds(1))
				.initialTokens(0)
				.build())
			.withCustomTimePrecision(new NanoMeter(nanoTime))
			.build();
	}

	/** How many keys one call should have, so that the store is never busy for long. */
	public static int keysAtOnce(int keysPerSecond) {
		return Math.max(1, keysPerSecond / STEPS);
	}

	/**
	 * How many keys one call may name.
	 * @param limit how many at any pace
	 * @param keysPerSecond the pace, null for none
	 */
	public static int callLimit(int limit, @Nullable Integer keysPerSecond) {
		return (keysPerSecond != null) ? Math.min(limit, keysAtOnce(keysPerSecond)) : limit;
	}

	/** Waits until so many keys may go; more than one step takes several. */
	void await(int keys, Waiter waiter) throws InterruptedException {
		for (int left = keys; left > 0; left -= this.step) {
			this.bucket.asBlocking()
				.consume(Math.min(left, this.step), (nanos) -> waiter.await(Duration.ofNanos(nanos)));
		}
	}

}
