package io.kvpurge.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import io.kvpurge.job.Pace;
import io.kvpurge.ledger.RunTotals;

/** A line every few seconds, for logs. */
final class ProgressLines implements ProgressDisplay {

	private static final Duration INTERVAL = Duration.ofSeconds(5);

	private final PrintStream stream;

	private final String done;

	private final LongSupplier nanos;

	private long shownNanos;

	private @Nullable RunTotals then;

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
	public void show(RunTotals totals, Pace pace) {
		long now = this.nanos.getAsLong();
		RunTotals before = this.then;
		if (before == null) {
			this.shownNanos = now;
			this.then = totals;
			return;
		}
		Duration passed = Duration.ofNanos(now - this.shownNanos);
		if (passed.compareTo(INTERVAL) < 0) {
			return;
		}
		this.stream
			.println(ProgressText.line(totals, this.done, ProgressText.rate(before, totals, passed), pace.estimate()));
		this.shownNanos = now;
		this.then = totals;
	}

}
