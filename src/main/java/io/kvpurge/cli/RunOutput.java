package io.kvpurge.cli;

import java.util.List;

import io.kvpurge.job.RunListener;
import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunTotals;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.KeyRange;

/** Shows a run from its first line to its result. */
final class RunOutput {

	private static final int SHOWN_RANGES = 8;

	private final Terminal terminal;

	private final CommandServices services;

	private final CommonOptions common;

	private final ProgressDisplay progress;

	RunOutput(CommandServices services, CommonOptions common, ProgressOptions progress) {
		this.terminal = services.terminal();
		this.services = services;
		this.common = common;
		this.progress = progress.display(services.terminal());
	}

	RunListener listener() {
		return new RunListener() {

			@Override
			public void onStart(PurgeRun run, RunTotals before) {
				String attempt = (run.attempts() > 1) ? ", attempt " + run.attempts() + " (carried on from "
						+ "%,d listed, %,d deleted)".formatted(before.counts().listed(), before.counts().deleted())
						: "";
				RunOutput.this.terminal.err()
					.println("kvpurge " + run.id() + attempt + ", home "
							+ RunOutput.this.services.home(RunOutput.this.common).root());
			}

			@Override
			public void onRanges(List<LedgerRange> ranges) {
				RunOutput.this.show(ranges);
			}

			@Override
			public void onProgress(RunTotals totals) {
				RunOutput.this.progress.show(totals);
			}

		};
	}

	private void show(List<LedgerRange> ranges) {
		this.terminal.err().println("ranges   " + ranges.size());
		for (LedgerRange range : ranges.subList(0, Math.min(SHOWN_RANGES, ranges.size()))) {
			KeyRange bounds = range.bounds();
			this.terminal.err()
				.println("  " + range.name() + "  '" + bounds.prefix() + "'"
						+ ((bounds.after() != null) ? " behind " + bounds.after() : "")
						+ ((bounds.upTo() != null) ? " up to " + bounds.upTo() : ""));
		}
	}

	/** Shows the result: text or the JSON object on standard output. */
	RunReport show(RunReport report) {
		this.progress.close();
		report.errors().forEach((line) -> this.terminal.err().println("kvpurge: " + line));
		this.terminal.out().println(this.common.json ? report.toJson() : report.toText());
		return report;
	}

}
