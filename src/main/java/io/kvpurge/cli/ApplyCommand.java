package io.kvpurge.cli;

import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.job.ApplyRequest;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.report.ExitCode;
import io.kvpurge.report.RunReport;

/** Deletes what a plan names. */
@Command(name = "apply", mixinStandardHelpOptions = true, sortOptions = false,
		description = { "Deletes what a plan names, as far as it still matches.",
				"What changed since the plan stays; what is gone is named." },
		footer = { "", "Examples:", "  kvpurge apply stale-builds.3",
				"  kvpurge apply stale-builds.3 --expect 5f0c...e1", "",
				"A plan is applied once. An application that was cut off is carried on with", "by the same command." })
final class ApplyCommand implements Callable<Integer> {

	private final CommandServices services;

	@Mixin
	private CommonOptions common = new CommonOptions();

	@Parameters(index = "0", paramLabel = "PLAN",
			description = "NAME.N, or the definition's NAME or FILE for its last plan.")
	private String plan = "";

	@Option(names = "--expect", paramLabel = "DIGEST",
			description = "Refuse any other plan than the one with this digest.")
	private @Nullable String expected;

	@Option(names = "--wait", paramLabel = "DURATION",
			description = "Wait so long, 30m say, while another process runs the definition.")
	private @Nullable String wait;

	@Option(names = "--yes", description = "Do not ask on a terminal.")
	private boolean yes;

	@Mixin
	private ProgressOptions progress = new ProgressOptions();

	ApplyCommand(CommandServices services) {
		this.services = services;
	}

	@Override
	public Integer call() {
		Terminal terminal = this.services.terminal();
		RunReference reference = RunReference.parse(this.plan);
		ApplyRequest request = new ApplyRequest(reference.definition(), reference.number(), this.expected,
				LaunchOptions.patience(this.wait));
		if (!this.yes && terminal.interactive() && !given(reference)) {
			new Message(terminal, this.common.json).show(ExitCode.STOPPED, "declined: nothing was deleted");
			return ExitCode.STOPPED.status();
		}
		RunReport report = new Launch(this.services, this.common, this.progress).apply(request);
		return RunOutput.show(terminal, this.common.json, report).exitCode().status();
	}

	/** Shows the plan as it was made, and asks. */
	private boolean given(RunReference reference) {
		try (OpenedRun opened = OpenedRun.open(this.services.home(this.common), reference, RunMode.PLAN)) {
			BoundDefinition bound = new DefinitionReader()
				.read(opened.run().definitionText(), "the definition of run " + opened.run().id())
				.bindJson(opened.run().identity().parameters());
			return new Confirmation(this.services.terminal()).given(bound,
					opened.report(this.services.clock().instant()));
		}
	}

}
