package io.kvpurge.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.job.PurgeWorker;
import io.kvpurge.job.WorkerListener;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.RangeProgress;
import io.kvpurge.ledger.RunId;
import io.kvpurge.report.ExitCode;

/** Works on the ranges of runs that were launched elsewhere. */
@Command(name = "worker", sortOptions = false,
		description = { "Works on ranges of runs whose definition says 'partitions-on: workers'.",
				"Takes what comes until it is ended by a signal; its ranges then go to others." },
		footer = { "", "Needs KVPURGE_DATABASE_URL and KVPURGE_BROKER_URL, as for 'run', and the secrets of",
				"the stores. Example:", "  kvpurge worker --slots 4" })
final class WorkerCommand implements Callable<Integer> {

	private static final int MOST_SLOTS = 64;

	private final CommandServices services;

	@Mixin
	private CommonOptions common = new CommonOptions();

	@Option(names = "--slots", paramLabel = "N", defaultValue = "4",
			description = "How many ranges to work on at once (default: ${DEFAULT-VALUE}).")
	private int slots;

	@Option(names = "--idle-exit", paramLabel = "DURATION",
			description = "End with 0 when there was nothing to do for so long, 10m say.")
	private @Nullable String idleExit;

	WorkerCommand(CommandServices services) {
		this.services = services;
	}

	@Override
	public Integer call() {
		if (this.slots < 1 || this.slots > MOST_SLOTS) {
			throw new DefinitionException(List.of("--slots is " + this.slots + ": expected 1 to " + MOST_SLOTS));
		}
		Duration idle = (this.idleExit != null) ? LaunchOptions.duration("--idle-exit", this.idleExit, "10m or 90s")
				: null;
		PurgeWorker worker = this.services.worker(this.common, this.slots,
				new Lines(this.services.terminal().err(), this.slots, this.services.home(this.common).location()));
		TerminationSignal.stopping(worker::requestStop, () -> {
			worker.run(idle);
			return true;
		});
		new Message(this.services.terminal(), this.common.json).show(ExitCode.COMPLETED, "worker ended");
		return ExitCode.COMPLETED.status();
	}

	/**
	 * Says what it does, line by line.
	 *
	 * @param out where to
	 * @param slots how many ranges it works on at once
	 * @param location the ledgers
	 */
	private record Lines(PrintStream out, int slots, String location) implements WorkerListener {

		@Override
		public void onReady(String worker) {
			this.out.println("kvpurge worker " + worker + ", " + this.slots + " slots, ledger " + this.location
					+ ": waits for ranges");
		}

		@Override
		public void onRange(RunId run, String range) {
			this.out.println(run + " " + range + " begun");
		}

		@Override
		public void onRangeEnd(RunId run, String range, String how, RangeProgress progress) {
			EntryCounts counts = progress.counts();
			this.out.println("%s %s %s: listed %,d, matched %,d, deleted %,d".formatted(run, range, how,
					counts.listed(), counts.matched(), counts.deleted()));
		}

		@Override
		public void onParked(RunId run, String why) {
			this.out.println(run + ": this worker takes no ranges of it: " + why);
		}

	}

}
