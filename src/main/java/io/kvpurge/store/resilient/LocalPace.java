package io.kvpurge.store.resilient;

import java.time.Duration;
import java.util.function.LongSupplier;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import org.jspecify.annotations.Nullable;

import io.kvpurge.store.RateLimit;
import io.kvpurge.store.RequestRate;

/**
 * The pace of the threads of one process: a token bucket for the rate that was declared,
 * pauses that the store asked for, and even steps where the store says that it will take
 * few requests more.
 */
public final class LocalPace implements Pace {

	/**
	 * The bucket holds so small a part of the rate that no burst after a silence exceeds
	 * what the store allows.
	 */
	private static final int PARTS = 100;

	/** At least so many are spared for requests that travel at different speeds. */
	private static final int LEAST_SPARE = 2;

	/** So many requests may be under way when the store counts how many are left. */
	private static final int RESERVE = 20;

	/**
	 * Where what is left comes to no more than one request in that time, it is spread
	 * rather than used up: a silence of minutes would make what was listed too old to
	 * delete.
	 */
	private static final long LONG_STEP = 1_000_000_000;

	/** How long those stand back behind whose turn it is. */
	private static final long STANDING_BACK = 20_000_000;

	private final LongSupplier nanoTime;

	private final @Nullable Bucket bucket;

	private long pausedUntil;

	private long nextStep;

	private long steps;

	private long stepsUntil;

	/** How many wait who go first. */
	private int first;

	/**
	 * @param rate the most requests that may go out, null for as many as the store takes
	 */
	public LocalPace(@Nullable RequestRate rate) {
		this(rate, System::nanoTime);
	}

	LocalPace(@Nullable RequestRate rate, LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
		this.bucket = (rate != null) ? bucket(rate, nanoTime) : null;
		this.pausedUntil = nanoTime.getAsLong();
		this.nextStep = this.pausedUntil;
		this.stepsUntil = this.pausedUntil;
	}

	private static Bucket bucket(RequestRate rate, LongSupplier nanoTime) {
		return Bucket.builder().addLimit(bandwidth(rate)).withCustomTimePrecision(new NanoMeter(nanoTime)).build();
	}

	static Bandwidth bandwidth(RequestRate rate) {
		long burst = Math.max(1, rate.requests() / PARTS);
		// Any window then sees the burst and what is filled in meanwhile: never more than
		// the rate, with a little to spare.
		long refill = Math.max(1, rate.requests() - burst - Math.max(burst / 2, LEAST_SPARE));
		return Bandwidth.builder().capacity(burst).refillGreedy(refill, rate.per()).build();
	}

	@Override
	public void await(Waiter waiter, boolean first) throws InterruptedException {
		if (this.bucket != null) {
			this.bucket.asBlocking().consume(1, (nanos) -> waiter.await(Duration.ofNanos(nanos)));
		}
		lineUp(first ? 1 : 0);
		try {
			for (long nanos = claim(first); nanos > 0; nanos = claim(first)) {
				waiter.await(Duration.ofNanos(nanos));
			}
		}
		finally {
			lineUp(first ? -1 : 0);
		}
	}

	private synchronized void lineUp(int change) {
		this.first += change;
	}

	/** How long to wait before asking again; zero if a request may go out now. */
	private synchronized long claim(boolean first) {
		long now = this.nanoTime.getAsLong();
		if (this.pausedUntil - now > 0) {
			return this.pausedUntil - now;
		}
		if (this.stepsUntil - now <= 0) {
			return 0;
		}
		if (this.nextStep - now > 0) {
			return this.nextStep - now;
		}
		if (!first && this.first > 0) {
			return STANDING_BACK;
		}
		this.nextStep = now + this.steps;
		return 0;
	}

	@Override
	public synchronized void pause(Duration duration) {
		long until = this.nanoTime.getAsLong() + duration.toNanos();
		if (until - this.pausedUntil > 0) {
			this.pausedUntil = until;
		}
	}

	@Override
	public synchronized void adjust(RateLimit limit) {
		long now = this.nanoTime.getAsLong();
		long even = limit.reset().toNanos() / (limit.remaining() + 1);
		// Half, as those who wait would all go at once when it wavers.
		long longStep = (this.stepsUntil - now > 0) ? LONG_STEP / 2 : LONG_STEP;
		if (limit.remaining() > RESERVE && even < longStep) {
			this.stepsUntil = now;
			return;
		}
		this.stepsUntil = now + limit.reset().toNanos();
		this.steps = even;
		if (this.nextStep - now <= 0) {
			this.nextStep = now + this.steps;
		}
	}

}
