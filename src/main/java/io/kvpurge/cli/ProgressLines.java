package io.kvpurge.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.RunTotals;

/** A line every few seconds, for logs. */
final class ProgressLines implements ProgressDisplay {

	private static final Duration INTERVAL = Duration.ofSeconds(5);

	private final PrintStream stream;

	private final String done;

	private final LongSupplier nanos;

	private long shownNanos;

	private @Nullable EntryCounts then;

	/**
	 * @param done what is done with keys: deleted, say
	 * @param nanos the time, as {@link System#nanoTime()} gives it
	 */
	ProgressLines(PrintStream stream, String done, LongSupplier nanos) {
		this.stream = stream;
		this.done = done;
		this.nanos = nanos;
	}

	@Override
	public void show(RunTotals totals) {
		long now = this.nanos.getAsLong();
		EntryCounts before = this.then;
		if (before == null) {
			this.shownNanos = now;
			this.then = totals.counts();
			return;
		}
		Duration passed = Duration.ofNanos(now - this.shownNanos);
		if (passed.compareTo(INTERVAL) < 0) {
			return;
		}
		this.stream.println(line(totals, before, passed));
		this.shownNanos = now;
		this.then = totals.counts();
	}

	private String line(RunTotals totals, EntryCounts before, Duration passed) {
		EntryCounts counts = totals.counts();
		// A run that has found everything lists no more, and deletes.
		long keys = Math.max(counts.listed() - before.listed(), counts.deleted() - before.deleted());
		long rate = keys * 1000 / Math.max(1, passed.toMillis());
		return "listed %,d, matched %,d, %s %,d, %,d keys/s, ranges %d of %d".formatted(counts.listed(),
				counts.matched(), this.done, counts.deleted(), rate, totals.rangesDone(), totals.ranges());
	}

}
