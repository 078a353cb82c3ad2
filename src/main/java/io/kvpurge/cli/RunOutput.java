package io.kvpurge.cli;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.job.Pace;
import io.kvpurge.job.RunListener;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunTotals;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.KeyRange;

/** Shows a run from its first line to its last; the result comes after. */
final class RunOutput implements AutoCloseable {

	private static final int SHOWN_RANGES = 8;

	private final Terminal terminal;

	private final String home;

	private final ProgressOptions progress;

	private final RunTelling telling;

	private @Nullable PurgeRun run;

	private String done = "deleted";

	private ProgressDisplay display = ProgressDisplay.NONE;

	private boolean displayed;

	/**
	 * @param home where the run's ledger is, for people
	 * @param telling who else is told
	 */
	RunOutput(Terminal terminal, String home, ProgressOptions progress, RunTelling telling) {
		this.telling = telling;
		this.terminal = terminal;
		this.home = home;
		this.progress = progress;
	}

	RunListener listener() {
		return new RunListener() {

			@Override
			public void onStart(PurgeRun run, RunTotals before) {
				RunOutput.this.begin(run);
				String attempt = (run.attempts() > 1)
						? ", attempt " + run.attempts() + " (carried on from " + "%,d listed, %,d %s)"
							.formatted(before.counts().listed(), before.counts().deleted(), RunOutput.this.done)
						: "";
				RunOutput.this.terminal.err()
					.println("kvpurge " + run.id() + attempt + ", home " + RunOutput.this.home);
			}

			@Override
			public void onRanges(List<LedgerRange> ranges) {
				RunOutput.this.show(ranges);
			}

			@Override
			public void onHint(String line) {
				RunOutput.this.terminal.err().println("kvpurge: " + line);
			}

			@Override
			public void onProgress(RunTotals totals, Pace pace) {
				RunOutput.this.show(totals, pace);
				RunOutput.this.watch(totals);
			}

			@Override
			public void onEnd(RunReport report, DeletionLedger ledger, long pauses) {
				RunOutput.this.close();
				RunOutput.this.telling.draw(report, ledger, pauses);
			}

		};
	}

	private synchronized void begin(PurgeRun run) {
		this.run = run;
		this.done = (run.identity().mode() == RunMode.RESTORE) ? "restored" : "deleted";
	}

	private synchronized void watch(RunTotals totals) {
		PurgeRun watched = this.run;
		if (watched != null) {
			this.telling.watch(watched.id().toString(), watched.identity().definition(), totals);
		}
	}

	private void show(List<LedgerRange> ranges) {
		this.terminal.err().println("ranges   " + ranges.size());
		for (LedgerRange range : ranges.subList(0, Math.min(SHOWN_RANGES, ranges.size()))) {
			KeyRange bounds = range.bounds();
			this.terminal.err()
				.println("  " + range.name() + "  '" + bounds.prefix() + "'"
						+ ((bounds.after() != null) ? " behind " + bounds.after() : "")
						+ ((bounds.upTo() != null) ? " up to " + bounds.upTo() : "")
						+ ((bounds.part() != null) ? " " + bounds.part() : ""));
		}
	}

	/** A bar begins only below the ranges: it must stay the last line. */
	private synchronized void show(RunTotals totals, Pace pace) {
		if (!this.displayed && totals.ranges() > 0) {
			this.displayed = true;
			this.display = this.progress.display(this.terminal, this.done);
		}
		this.display.show(totals, pace);
	}

	/** Nothing is shown any more. */
	@Override
	public synchronized void close() {
		this.display.close();
		this.display = ProgressDisplay.NONE;
	}

	/** Shows a result: text or the JSON object on standard output. */
	static RunReport show(Terminal terminal, boolean json, RunReport report) {
		report.errors().forEach((line) -> terminal.err().println("kvpurge: " + line));
		if (report.run().seal() != null) {
			// In the log as well, which the ledger's writers may not be able to change.
			terminal.err().println("kvpurge " + report.run().id() + " sealed " + report.run().seal());
		}
		terminal.out().println(json ? report.toJson() : report.toText());
		return report;
	}

}
