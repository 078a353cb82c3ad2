package io.kvpurge.cli;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.job.PurgeJobs;
import io.kvpurge.job.RunRequest;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.report.RunReport;

/** Deletes what a definition names. */
@Command(name = "run", description = { "Deletes what matches.",
		"Carries on with the definition's unfinished run if there is one, so that a scheduler needs this one line." })
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

	@Option(names = "--yes", description = "Do not ask on a terminal.")
	private boolean yes;

	RunCommand(CommandServices services) {
		this.services = services;
	}

	@Override
	public Integer call() {
		BoundDefinition bound = this.definition.bound(this.services.settings(this.common));
		if (!this.dryRun && !this.yes && this.services.terminal().interactive() && !this.common.json) {
			RunReport plan = launch(new RunRequest(bound, RunMode.PLAN, true));
			if (plan.counts().matched() == 0 || !new Confirmation(this.services.terminal()).given(bound, plan)) {
				return plan.exitCode().status();
			}
		}
		return launch(new RunRequest(bound, this.dryRun ? RunMode.PLAN : RunMode.PURGE, this.fresh)).exitCode()
			.status();
	}

	private RunReport launch(RunRequest request) {
		PurgeJobs jobs = this.services.jobs(this.common);
		RunOutput output = new RunOutput(this.services, this.common, this.progress);
		return output.show(TerminationSignal.stopping(jobs, () -> jobs.run(request, output.listener())));
	}

}
