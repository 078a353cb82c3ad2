package io.kvpurge.store.resilient;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Waits while a store is too slow, and knows why and for how long. Safe for use by
 * several threads.
 */
final class Relief {

	private static final Duration LOOK = Duration.ofMillis(50);

	private final LongSupplier nanoTime;

	private int waiting;

	private long since;

	private long waitedNanos;

	private @Nullable String reason;

	Relief(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	void await(Supplier<@Nullable String> strain, Waiter waiter) throws InterruptedException {
		String why = strain.get();
		if (why == null) {
			return;
		}
		begin();
		try {
			for (; why != null; why = strain.get()) {
				because(why);
				waiter.await(LOOK);
			}
		}
		finally {
			end();
		}
	}

	private synchronized void begin() {
		if (this.waiting++ == 0) {
			this.since = this.nanoTime.getAsLong();
		}
	}

	private synchronized void because(String why) {
		this.reason = why;
	}

	private synchronized void end() {
		if (--this.waiting == 0) {
			this.waitedNanos += this.nanoTime.getAsLong() - this.since;
			this.reason = null;
		}
	}

	/** Why those who wait do so, null if nobody does. */
	synchronized @Nullable String reason() {
		return this.reason;
	}

	/** For how long somebody waited. */
	synchronized Duration waited() {
		long now = (this.waiting > 0) ? this.nanoTime.getAsLong() - this.since : 0;
		return Duration.ofNanos(this.waitedNanos + now);
	}

}
