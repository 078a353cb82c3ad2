package io.kvpurge.cli;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.definition.DefinitionException;
import io.kvpurge.filter.ParameterType;
import io.kvpurge.job.PurgeJobs;
import io.kvpurge.job.RunRequest;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.ExitCode;
import io.kvpurge.report.RunReport;

/** Deletes what a definition names. */
@Command(name = "run",
		description = { "Deletes what matches.",
				"Carries on with the definition's unfinished run if there is one, so that a",
				"scheduler needs this one line. On a terminal it counts first, and asks." },
		footer = { "", "Examples:", "  kvpurge run --dry-run jobs/stale-builds.yaml -p older_than=180d",
				"  kvpurge run --store jdbc:assets --prefix site/v5. --where \"metadata.size > 0\"", "",
				"The flags in place of FILE must all hold for an entry to go; several --prefix", "are alternatives." })
final class RunCommand implements Callable<Integer> {

	private final CommandServices services;

	@Mixin
	private CommonOptions common = new CommonOptions();

	@Mixin
	private DefinitionOptions definition = new DefinitionOptions();

	@Mixin
	private ProgressOptions progress = new ProgressOptions();

	@Option(names = "--dry-run", description = "List and judge only: nothing is deleted.")
	private boolean dryRun;

	@Option(names = "--new", description = "Begin anew even if there is an unfinished run.")
	private boolean fresh;

	@Option(names = "--wait", paramLabel = "DURATION",
			description = "Wait so long, 30m say, while another process runs the definition.")
	private @Nullable String wait;

	@Option(names = "--yes", description = "Do not ask on a terminal.")
	private boolean yes;

	RunCommand(CommandServices services) {
		this.services = services;
	}

	@Override
	public Integer call() {
		Terminal terminal = this.services.terminal();
		Duration patience = patience();
		BoundDefinition bound = this.definition.bound(this.services.settings(this.common), this.services.environment(),
				terminal.in());
		if (!this.dryRun && !this.yes && terminal.interactive()) {
			RunReport plan = launch(new RunRequest(bound, RunMode.PLAN, true, patience));
			if (plan.run().state() != RunState.COMPLETED || plan.counts().matched() == 0) {
				return RunOutput.show(terminal, this.common.json, plan).exitCode().status();
			}
			if (!new Confirmation(terminal).given(bound, plan)) {
				new Message(terminal, this.common.json).show(ExitCode.STOPPED, "declined: nothing was deleted");
				return ExitCode.STOPPED.status();
			}
		}
		RunReport report = launch(
				new RunRequest(bound, this.dryRun ? RunMode.PLAN : RunMode.PURGE, this.fresh, patience));
		return RunOutput.show(terminal, this.common.json, report).exitCode().status();
	}

	private Duration patience() {
		if (this.wait == null) {
			return Duration.ZERO;
		}
		try {
			return ParameterType.duration(this.wait);
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			throw new DefinitionException(
					List.of("--wait is '" + this.wait + "': expected a duration such as 90s or 30m"));
		}
	}

	private RunReport launch(RunRequest request) {
		PurgeJobs jobs = this.services.jobs(this.common);
		try (RunOutput output = new RunOutput(this.services.terminal(), this.services.home(this.common).location(),
				this.progress)) {
			return TerminationSignal.stopping(jobs, () -> jobs.run(request, output.listener()));
		}
	}

}
