package io.kvpurge.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;

import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.RunTotals;

/** A line every few seconds, for logs. */
final class ProgressLines implements ProgressDisplay {

	private static final Duration INTERVAL = Duration.ofSeconds(5);

	private final PrintStream stream;

	private final String done;

	private final LongSupplier nanos;

	private long shownNanos;

	private long listedThen = -1;

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
		if (this.listedThen < 0) {
			this.shownNanos = now;
			this.listedThen = totals.counts().listed();
			return;
		}
		Duration passed = Duration.ofNanos(now - this.shownNanos);
		if (passed.compareTo(INTERVAL) < 0) {
			return;
		}
		this.stream.println(line(totals, passed));
		this.shownNanos = now;
		this.listedThen = totals.counts().listed();
	}

	private String line(RunTotals totals, Duration passed) {
		EntryCounts counts = totals.counts();
		long rate = (counts.listed() - this.listedThen) * 1000 / Math.max(1, passed.toMillis());
		return "listed %,d, matched %,d, %s %,d, %,d keys/s, ranges %d of %d".formatted(counts.listed(),
				counts.matched(), this.done, counts.deleted(), rate, totals.rangesDone(), totals.ranges());
	}

}
