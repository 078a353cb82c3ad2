package io.kvpurge.store.resilient;

import java.time.Duration;
import java.util.function.LongSupplier;

import io.github.bucket4j.Bandwidth;
import org.jspecify.annotations.Nullable;

import io.kvpurge.store.RateLimit;
import io.kvpurge.store.RequestRate;

/**
 * One pace for several processes: requests of the declared rate are taken from a bucket
 * that all share, a few at a time, and a pause that the store asked one of them for holds
 * for all within half a second.
 */
public final class SharedPace implements Pace {

	/** How old what is known of the others' pauses may be. */
	private static final long LOOK_NANOS = 500_000_000;

	/** Requests that were taken and not sent for so long are given up. */
	private static final long LAPSE_NANOS = 1_000_000_000;

	/** What a lease holds at most: what goes out in this time. */
	private static final double LEASE_SECONDS = 0.1;

	/** No more than this part of what may go out at once. */
	private static final int LEASES_IN_BURST = 4;

	private final SharedLimits limits;

	private final LocalPace local;

	private final int lease;

	private final LongSupplier nanoTime;

	private int leased;

	private long lapseAt;

	private long lookAt;

	private int processes = 1;

	/**
	 * @param rate the most requests that may go out from all together, null for as many
	 * as the store takes
	 */
	public SharedPace(SharedLimits limits, @Nullable RequestRate rate) {
		this(limits, rate, System::nanoTime);
	}

	SharedPace(SharedLimits limits, @Nullable RequestRate rate, LongSupplier nanoTime) {
		this.limits = limits;
		this.nanoTime = nanoTime;
		this.local = new LocalPace(null, nanoTime);
		this.lease = (rate != null) ? lease(rate) : 0;
		this.lapseAt = nanoTime.getAsLong();
		this.lookAt = this.lapseAt;
	}

	/** How the bucket is filled that all share. */
	public static Bandwidth bandwidth(RequestRate rate) {
		return LocalPace.bandwidth(rate);
	}

	private static int lease(RequestRate rate) {
		double perSecond = rate.requests() * 1000.0 / rate.per().toMillis();
		long burst = bandwidth(rate).getCapacity();
		return (int) Math.max(1, Math.min(burst / LEASES_IN_BURST, (long) (perSecond * LEASE_SECONDS)));
	}

	@Override
	public void await(Waiter waiter, boolean first) throws InterruptedException {
		look();
		if (this.lease > 0 && !takeLeased()) {
			long nanos = this.limits.reserve(this.lease);
			if (nanos > 0) {
				waiter.await(Duration.ofNanos(nanos));
			}
			keep(this.lease - 1);
			look();
		}
		this.local.await(waiter, first);
	}

	private synchronized boolean takeLeased() {
		if (this.leased == 0 || this.lapseAt - this.nanoTime.getAsLong() <= 0) {
			this.leased = 0;
			return false;
		}
		this.leased--;
		return true;
	}

	private synchronized void keep(int requests) {
		this.leased += requests;
		this.lapseAt = this.nanoTime.getAsLong() + LAPSE_NANOS;
	}

	/** Asks what the others were told, if that was not done lately. */
	private void look() {
		synchronized (this) {
			long now = this.nanoTime.getAsLong();
			if (this.lookAt - now > 0) {
				return;
			}
			this.lookAt = now + LOOK_NANOS;
		}
		Duration paused = this.limits.paused();
		if (!paused.isZero()) {
			this.local.pause(paused);
		}
		int others = this.limits.processes();
		synchronized (this) {
			this.processes = Math.max(1, others);
		}
	}

	@Override
	public void pause(Duration duration) {
		this.local.pause(duration);
		this.limits.pause(duration);
	}

	/** What is left is left to all. */
	@Override
	public void adjust(RateLimit limit) {
		int share;
		synchronized (this) {
			share = this.processes;
		}
		this.local.adjust(new RateLimit(limit.remaining() / share, limit.reset()));
	}

}
