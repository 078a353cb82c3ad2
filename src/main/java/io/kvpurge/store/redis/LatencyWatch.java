package io.kvpurge.store.redis;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.StoreException;

/**
 * Watches how long the server takes to answer, as its other clients see it: by a PING
 * twenty times a second, over a connection of its own. The server is strained once two
 * looks in a row find that an answer takes too long, whether it has come or not; it is so
 * until several answers in a row came in three quarters of that time. A server that does
 * not answer at all is no strained one: those who call it shall find out.
 */
final class LatencyWatch implements AutoCloseable {

	private static final long INTERVAL_MILLIS = 50;

	private static final int BEGINS_AFTER = 2;

	private static final int ENDS_AFTER = 6;

	private final Supplier<CompletionStage<?>> ping;

	private final long most;

	private final long timeout;

	private final LongSupplier nanoTime;

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "latency");
		thread.setDaemon(true);
		return thread;
	});

	private boolean unanswered;

	private long sentAt;

	private long latency;

	private long shown;

	private int tooSlow;

	private int fastEnough;

	private boolean strained;

	/**
	 * @param ping sends one
	 * @param most how long an answer may take
	 * @param timeout after how long none is expected any more
	 */
	LatencyWatch(Supplier<CompletionStage<?>> ping, Duration most, Duration timeout, LongSupplier nanoTime) {
		this.ping = ping;
		this.most = most.toNanos();
		this.timeout = timeout.toNanos();
		this.nanoTime = nanoTime;
	}

	void start() {
		ScheduledFuture<?> unused = this.timer.scheduleAtFixedRate(this::look, 0, INTERVAL_MILLIS,
				TimeUnit.MILLISECONDS);
	}

	/** Looks once. */
	void look() {
		synchronized (this) {
			if (this.unanswered) {
				this.latency = this.nanoTime.getAsLong() - this.sentAt;
			}
			count();
			if (this.unanswered && this.latency < this.timeout) {
				return;
			}
			this.unanswered = true;
			this.sentAt = this.nanoTime.getAsLong();
		}
		try {
			this.ping.get().whenComplete((answer, failure) -> answered());
		}
		catch (StoreException | IllegalStateException ex) {
			// Whoever works with the store meets the same trouble, and knows what to do.
			answered();
		}
	}

	private synchronized void answered() {
		this.latency = this.nanoTime.getAsLong() - this.sentAt;
		this.unanswered = false;
	}

	private void count() {
		if (this.latency >= this.timeout) {
			this.strained = false;
			this.tooSlow = 0;
			return;
		}
		this.shown = (this.latency > this.most) ? this.latency : this.shown;
		this.tooSlow = (this.latency > this.most) ? this.tooSlow + 1 : 0;
		this.fastEnough = (this.latency <= this.most / 4 * 3) ? this.fastEnough + 1 : 0;
		this.strained = this.strained ? this.fastEnough < ENDS_AFTER : this.tooSlow >= BEGINS_AFTER;
	}

	/** Why to wait, null if there is no reason. */
	synchronized @Nullable String strain() {
		return this.strained ? "latency %d ms, at most %d ms".formatted(millis(this.shown), millis(this.most)) : null;
	}

	private static long millis(long nanos) {
		return TimeUnit.NANOSECONDS.toMillis(nanos);
	}

	@Override
	public void close() {
		this.timer.shutdownNow();
	}

}
