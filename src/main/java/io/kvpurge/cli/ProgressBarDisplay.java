package io.kvpurge.cli;

import java.io.PrintStream;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

import io.kvpurge.job.Pace;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.RunTotals;

/**
 * A bar that moves with the ranges; how many keys there are is known only at the end.
 * Short enough for 80 columns and tens of millions of keys.
 */
final class ProgressBarDisplay implements ProgressDisplay {

	private final ProgressBar bar;

	private final String done;

	ProgressBarDisplay(PrintStream stream, String done) {
		this.done = done;
		this.bar = new ProgressBarBuilder().setTaskName("")
			.hideEta()
			.setInitialMax(1)
			.setStyle(ProgressBarStyle.ASCII)
			.setUpdateIntervalMillis(200)
			.setConsumer(new ConsoleProgressBarConsumer(stream))
			.build();
	}

	@Override
	public void show(RunTotals totals, Pace pace) {
		EntryCounts counts = totals.counts();
		this.bar.maxHint(Math.max(1, totals.ranges()));
		this.bar.stepTo(totals.rangesDone());
		this.bar.setExtraMessage("%,d listed %,d matched %,d %s".formatted(counts.listed(), counts.matched(),
				counts.deleted(), this.done));
	}

	@Override
	public void close() {
		this.bar.close();
	}

}
