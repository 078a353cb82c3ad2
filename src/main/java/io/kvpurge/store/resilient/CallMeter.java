package io.kvpurge.store.resilient;

import java.util.concurrent.atomic.AtomicLong;

import org.springframework.retry.RetryContext;

/**
 * Counts the calls of one range, which its thread makes and those that list ahead and
 * delete for it.
 */
public final class CallMeter {

	private final AtomicLong list = new AtomicLong();

	private final AtomicLong delete = new AtomicLong();

	private final AtomicLong other = new AtomicLong();

	private final AtomicLong retried = new AtomicLong();

	void countList() {
		this.list.incrementAndGet();
	}

	void countDelete() {
		this.delete.incrementAndGet();
	}

	void countOther() {
		this.other.incrementAndGet();
	}

	/** Counts a call that repeats one that failed. */
	void countRetry(RetryContext context) {
		if (context.getRetryCount() > 0) {
			this.retried.incrementAndGet();
		}
	}

	/** Pages listed, repetitions included. */
	public long list() {
		return this.list.get();
	}

	/** Bulk deletes sent, repetitions included. */
	public long delete() {
		return this.delete.get();
	}

	/** All other calls, repetitions included. */
	public long other() {
		return this.other.get();
	}

	/** How many of all these repeated a call that had failed. */
	public long retried() {
		return this.retried.get();
	}

}
