package io.kvpurge.cli;

import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import io.kvpurge.job.PurgeJobs;
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

	@Parameters(index = "0", paramLabel = "RUN",
			description = "NAME.N, or the definition's NAME or FILE for its last run.")
	private String run = "";

	ResumeCommand(CommandServices services) {
		this.services = services;
	}

	@Override
	public Integer call() {
		RunReference reference = RunReference.parse(this.run);
		if (this.services.home(this.common).hold().lift()) {
			this.services.terminal().err().println("kvpurge: lifted the hold of all definitions");
		}
		PurgeJobs jobs = this.services.jobs(this.common);
		RunOutput output = new RunOutput(this.services, this.common, this.progress);
		@Nullable RunReport report = TerminationSignal.stopping(jobs,
				() -> jobs.resume(reference.definition(), reference.number(), output.listener()));
		if (report == null) {
			new Message(this.services.terminal(), this.common.json).show(ExitCode.COMPLETED,
					reference.definition() + " has no unfinished run; the next 'run' begins a new one");
			return ExitCode.COMPLETED.status();
		}
		return output.show(report).exitCode().status();
	}

}
