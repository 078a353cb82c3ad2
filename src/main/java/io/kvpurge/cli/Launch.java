package io.kvpurge.cli;

import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;

import io.kvpurge.job.ApplyRequest;
import io.kvpurge.job.PurgeJobs;
import io.kvpurge.job.RestoreRequest;
import io.kvpurge.job.RunListener;
import io.kvpurge.job.RunRequest;
import io.kvpurge.report.RunReport;

/** Launches something and shows how it comes along; a signal stops it. */
final class Launch {

	private final CommandServices services;

	private final CommonOptions common;

	private final ProgressOptions progress;

	Launch(CommandServices services, CommonOptions common, ProgressOptions progress) {
		this.services = services;
		this.common = common;
		this.progress = progress;
	}

	RunReport run(RunRequest request) {
		return shown(request.definition().definition().name(), (jobs, listener) -> jobs.run(request, listener));
	}

	RunReport apply(ApplyRequest request) {
		return shown(request.definition(), (jobs, listener) -> jobs.apply(request, listener));
	}

	RunReport restore(RestoreRequest request) {
		return shown(request.definition(), (jobs, listener) -> jobs.restore(request, listener));
	}

	/** Null if there is no unfinished run. */
	@Nullable RunReport resume(RunReference run) {
		return this.<@Nullable RunReport>shown(run.definition(),
				(jobs, listener) -> jobs.resume(run.definition(), run.number(), listener));
	}

	private <T extends @Nullable Object> T shown(String definition, BiFunction<PurgeJobs, RunListener, T> launched) {
		RunTelling telling = this.services.telling(this.common);
		T result;
		try {
			PurgeJobs jobs = this.services.jobs(this.common);
			try (RunOutput output = new RunOutput(this.services.terminal(), this.services.home(this.common).location(),
					this.progress, telling)) {
				result = TerminationSignal.stopping(jobs, () -> launched.apply(jobs, output.listener()));
			}
		}
		catch (RuntimeException ex) {
			telling.failed(definition, ex);
			throw ex;
		}
		if (result instanceof RunReport report) {
			telling.ended(report);
		}
		return result;
	}

}
