package io.kvpurge.cli;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.RunTotals;

/** How far a run is, in one line. */
final class ProgressText {

	private ProgressText() {
	}

	/**
	 * The line.
	 * @param done what is done with keys: deleted, say
	 * @param rate keys in a second, null if that is not known
	 * @param left what can be told of the time left, null if nothing
	 */
	static String line(RunTotals totals, String done, @Nullable Long rate, @Nullable String left) {
		EntryCounts counts = totals.counts();
		return "listed %,d, matched %,d, %s %,d%s, ranges %d of %d%s".formatted(counts.listed(), counts.matched(), done,
				counts.deleted(), (rate != null) ? ", %,d keys/s".formatted(rate) : "", totals.rangesDone(),
				totals.ranges(), (left != null) ? ", " + left : "");
	}

	/** Keys in a second. A run that has found everything lists no more, and deletes. */
	static long rate(RunTotals before, RunTotals now, Duration passed) {
		long listed = now.counts().listed() - before.counts().listed();
		long deleted = now.counts().deleted() - before.counts().deleted();
		return Math.max(0, Math.max(listed, deleted)) * 1000 / Math.max(1, passed.toMillis());
	}

}
