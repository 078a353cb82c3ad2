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

/**
 * Marks as FAILED what a dead process, or a commit whose outcome was lost, left as
 * running or UNKNOWN in the job repository, so that it can be restarted, and removes what
 * was only begun. To be called only by the owner of the database: nobody else can be
 * running then.
 */
final class AbandonedExecutions {

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

	private void resolve(JobExecution execution) {
		if (!isAbandoned(execution.getStatus())) {
			return;
		}
		for (StepExecution step : execution.getStepExecutions()) {
			if (isAbandoned(step.getStatus())) {
				step.setStatus(BatchStatus.FAILED);
				step.setExitStatus(ExitStatus.FAILED.addExitDescription("abandoned by a process that died"));
				step.setEndTime(LocalDateTime.now(this.clock));
				this.jobRepository.update(step);
			}
		}
		execution.setStatus(BatchStatus.FAILED);
		execution.setExitStatus(ExitStatus.FAILED.addExitDescription("abandoned by a process that died"));
		execution.setEndTime(LocalDateTime.now(this.clock));
		this.jobRepository.update(execution);
	}

	private static boolean isAbandoned(BatchStatus status) {
		return status.isRunning() || status == BatchStatus.STOPPING || status == BatchStatus.UNKNOWN;
	}

}
