package io.kvpurge.cli;

import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.RunReport;

/** Finds what would go, and keeps it as a plan. */
@Command(name = "plan", mixinStandardHelpOptions = true, sortOptions = false,
		description = { "Finds what a definition would delete, and keeps it as a plan.",
				"Nothing is deleted. 'apply' deletes what the plan names and still matches." },
		footer = { "", "Examples:", "  kvpurge plan jobs/stale-builds.yaml -p older_than=180d",
				"  kvpurge plan jobs/stale-builds.yaml --format csv > keys.csv" })
final class PlanCommand implements Callable<Integer> {

	private final CommandServices services;

	@Mixin
	private CommonOptions common = new CommonOptions();

	@Mixin
	private DefinitionOptions definition = new DefinitionOptions();

	@Mixin
	private LaunchOptions launch = new LaunchOptions();

	@Mixin
	private ProgressOptions progress = new ProgressOptions();

	@Option(names = "--format", paramLabel = "FORMAT",
			description = "Write the keys to standard output: ${COMPLETION-CANDIDATES}.")
	private @Nullable KeyFormat format;

	PlanCommand(CommandServices services) {
		this.services = services;
	}

	@Override
	public Integer call() {
		KeyFormat.refuseJson(this.format, this.common);
		Terminal terminal = this.services.terminal();
		BoundDefinition bound = this.definition.bound(this.services.settings(this.common), this.services.environment(),
				terminal.in());
		RunReport plan = new Launch(this.services, this.common, this.progress)
			.run(this.launch.request(bound, RunMode.PLAN));
		if (this.format == null || plan.run().state() != RunState.COMPLETED) {
			return RunOutput.show(terminal, this.common.json, plan).exitCode().status();
		}
		terminal.err().println(plan.toText());
		RunReference reference = new RunReference(plan.run().id().definition(), plan.run().id().number());
		try (OpenedRun opened = OpenedRun.open(this.services, this.common, reference)) {
			this.format.write(terminal.out(), opened);
		}
		return plan.exitCode().status();
	}

}
