package io.kvpurge.job;

import java.time.Clock;
import java.time.LocalDateTime;
import java.util.List;

import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.OptimisticLockingFailureException;

/**
 * Marks as FAILED what a dead process, or a commit whose outcome was lost, left as
 * running or UNKNOWN in the job repository, so that it can be restarted, and removes what
 * was only begun. To be called only by the owner of the database: nobody else can be
 * running then.
 */
final class AbandonedExecutions {

	private static final int MOST_ATTEMPTS = 20;

	private final JobRepository jobRepository;

	private final Clock clock;

	AbandonedExecutions(JobRepository jobRepository, Clock clock) {
		this.jobRepository = jobRepository;
		this.clock = clock;
	}

	/**
	 * Looks through all executions of the job with these parameters, if there are any.
	 */
	void resolve(String jobName, JobParameters parameters) {
		JobInstance instance = this.jobRepository.getJobInstance(jobName, parameters);
		if (instance == null) {
			return;
		}
		List<JobExecution> executions = this.jobRepository.getJobExecutions(instance);
		executions.forEach(this::resolve);
		if (executions.isEmpty()) {
			// Committed before its first execution. The framework refuses to start
			// one that a death in between has left without.
			this.jobRepository.deleteJobInstance(instance);
		}
	}

	/**
	 * Where others worked on the ranges, a job can have ended and its steps can not: it
	 * ends without them when its database fails, and cannot be restarted before they have
	 * ended too.
	 */
	private void resolve(JobExecution execution) {
		for (StepExecution step : execution.getStepExecutions()) {
			end(step);
		}
		if (!isAbandoned(execution.getStatus())) {
			return;
		}
		execution.setStatus(BatchStatus.FAILED);
		execution.setExitStatus(ExitStatus.FAILED.addExitDescription("abandoned by a process that died"));
		execution.setEndTime(LocalDateTime.now(this.clock));
		this.jobRepository.update(execution);
	}

	/**
	 * A worker that does not know yet that it lost its range may write to the step once
	 * or twice more: then it is read again, and whoever comes second finds it changed.
	 */
	private void end(StepExecution found) {
		StepExecution step = found;
		for (int attempt = 1; step != null && isAbandoned(step.getStatus()); attempt++) {
			step.setStatus(BatchStatus.FAILED);
			step.setExitStatus(ExitStatus.FAILED.addExitDescription("abandoned by a process that died"));
			step.setEndTime(LocalDateTime.now(this.clock));
			try {
				this.jobRepository.update(step);
				return;
			}
			catch (OptimisticLockingFailureException ex) {
				if (attempt == MOST_ATTEMPTS) {
					throw ex;
				}
				step = this.jobRepository.getStepExecution(step.getId());
			}
		}
	}

	private static boolean isAbandoned(BatchStatus status) {
		return status.isRunning() || status == BatchStatus.STOPPING || status == BatchStatus.UNKNOWN;
	}

}
