package io.kvpurge.cli;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.ExitCode;
import io.kvpurge.report.RunReport;

/** Deletes what a definition names. */
@Command(name = "run",
		description = { "Deletes what matches.",
				"Carries on with the definition's unfinished run if there is one, so that a",
				"scheduler needs this one line. On a terminal it counts first, and asks." },
		footer = { "", "Examples:", "  kvpurge run jobs/stale-builds.yaml -p older_than=180d",
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

	@Option(names = "--dry-run", description = "The same as 'plan': nothing is deleted.")
	private boolean dryRun;

	@Mixin
	private LaunchOptions launch = new LaunchOptions();

	@Option(names = "--yes", description = "Do not ask on a terminal.")
	private boolean yes;

	RunCommand(CommandServices services) {
		this.services = services;
	}

	@Override
	public Integer call() {
		Terminal terminal = this.services.terminal();
		Launch launching = new Launch(this.services, this.common, this.progress);
		BoundDefinition bound = this.definition.bound(this.services.settings(this.common), this.services.environment(),
				terminal.in());
		if (!this.dryRun) {
			bound.definition().requireGuard();
		}
		if (!this.dryRun && !this.yes && terminal.interactive()) {
			RunReport plan = launching.run(this.launch.request(bound, RunMode.PLAN).anew());
			if (plan.run().state() != RunState.COMPLETED || plan.counts().matched() == 0) {
				return RunOutput.show(terminal, this.common.json, plan).exitCode().status();
			}
			if (!new Confirmation(terminal).given(bound, plan)) {
				new Message(terminal, this.common.json).show(ExitCode.STOPPED, "declined: nothing was deleted");
				return ExitCode.STOPPED.status();
			}
		}
		RunReport report = launching.run(this.launch.request(bound, this.dryRun ? RunMode.PLAN : RunMode.PURGE));
		return RunOutput.show(terminal, this.common.json, report).exitCode().status();
	}

}
