package io.kvpurge.cli;

import java.util.List;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.job.DefinitionHome;
import io.kvpurge.job.Home;
import io.kvpurge.report.ExitCode;
import io.kvpurge.report.RunReport;

/** Lifts a hold and carries on. */
@Command(name = "resume", description = "Lifts the hold of a definition and carries on with its unfinished run.")
final class ResumeCommand implements Callable<Integer> {

	private final CommandServices services;

	@Mixin
	private CommonOptions common = new CommonOptions();

	@Mixin
	private ProgressOptions progress = new ProgressOptions();

	@Parameters(index = "0", arity = "0..1", paramLabel = "RUN",
			description = "NAME.N, or the definition's NAME or FILE for its last run.")
	private @Nullable String run;

	@Option(names = "--all", description = "Lift the hold of 'stop --all'; nothing is run.")
	private boolean all;

	ResumeCommand(CommandServices services) {
		this.services = services;
	}

	@Override
	public Integer call() {
		if (this.all == (this.run != null)) {
			throw new DefinitionException(List.of("what to resume is missing: give RUN or --all"));
		}
		Home home = this.services.home(this.common);
		if (this.run == null) {
			return done(home.hold().lift() ? "lifted the hold of all definitions; their next 'run' carries on"
					: "there is no hold of all definitions");
		}
		RunReference reference = RunReference.parse(this.run);
		DefinitionHome definition = home.definition(reference.definition());
		if (!definition.hasLedger() && reference.number() == null && definition.activeHold() != null) {
			definition.hold().lift();
			liftForAll(home);
			return done(reference.definition() + " is no longer held; the next 'run' begins its first run");
		}
		if (canBeResumed(reference)) {
			liftForAll(home);
		}
		RunReport report = new Launch(this.services, this.common, this.progress).resume(reference);
		if (report == null) {
			return done(reference.definition() + " has no unfinished run; the next 'run' begins a new one");
		}
		return RunOutput.show(this.services.terminal(), this.common.json, report).exitCode().status();
	}

	/** No hold is lifted for the sake of a run that there is not. */
	private boolean canBeResumed(RunReference reference) {
		try (OpenedRun opened = OpenedRun.open(this.services, this.common, reference)) {
			return reference.number() == null || opened.run().state().isResumable();
		}
	}

	private void liftForAll(Home home) {
		if (home.hold().lift()) {
			this.services.terminal().err().println("kvpurge: lifted the hold of all definitions");
		}
	}

	private int done(String line) {
		new Message(this.services.terminal(), this.common.json).show(ExitCode.COMPLETED, line);
		return ExitCode.COMPLETED.status();
	}

}
