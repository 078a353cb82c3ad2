package io.kvpurge.job;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.EmptyResultDataAccessException;

import io.kvpurge.broker.RangeMessage;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RemoteRuns;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunState;

/**
 * Says whether a message leads to something that is still to be done. Messages come late,
 * twice, and from whoever may write to the queue; the framework's own handler would
 * execute what any of them names.
 */
final class RangeGuard {

	/** Any other step is the launching process's own. */
	private static final Pattern RANGE = Pattern
		.compile("(?:" + RangeStep.NAME + "|" + RangeStep.FINDING + "):range-[0-9]{5,9}");

	private final JobRepository jobRepository;

	private final RemoteRuns remote;

	RangeGuard(JobRepository jobRepository, RemoteRuns remote) {
		this.jobRepository = jobRepository;
		this.remote = remote;
	}

	/**
	 * The step execution as it is now, null unless it and its job are running.
	 */
	@Nullable StepExecution wanted(RangeMessage message) {
		StepExecution step = found(message.step());
		if (step == null || step.getJobExecutionId() != message.job() || !RANGE.matcher(step.getStepName()).matches()) {
			return null;
		}
		boolean isRunning = isStarted(step.getJobExecution().getStatus()) && isStarted(step.getStatus());
		return isRunning ? step : null;
	}

	/** Where there is none, the framework's answer is an exception. */
	private @Nullable StepExecution found(long number) {
		try {
			return this.jobRepository.getStepExecution(number);
		}
		catch (EmptyResultDataAccessException ex) {
			return null;
		}
	}

	private static boolean isStarted(BatchStatus status) {
		return status == BatchStatus.STARTED || status == BatchStatus.STARTING;
	}

	/**
	 * The run of a step execution, null unless it is running, in the attempt that the
	 * message is of, and not asked to stop.
	 */
	@Nullable PurgeRun run(StepExecution step, RangeMessage message) {
		String name = step.getJobParameters().getString("run");
		PurgeRun run = (name != null) ? this.remote.ledger().find(RunId.parse(name)) : null;
		if (run == null || run.state() != RunState.RUNNING) {
			return null;
		}
		RunFence fence = new RunFence(run.id(), run.fence());
		return (message.attempt().equals(RemoteRanges.attempt(fence)) && this.remote.signals(fence).stopping() == null)
				? run : null;
	}

}
