package io.kvpurge.job;

import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.StepInterruptionPolicy;

/**
 * Ends a step between two chunks when a stop is requested or its thread was interrupted.
 * The framework's own policy would end an interrupted chunk-oriented step as COMPLETED,
 * with the rest of its keys unread: it must also be marked terminate-only.
 */
final class StopInterruptionPolicy implements StepInterruptionPolicy {

	private final StopSignal stop;

	StopInterruptionPolicy(StopSignal stop) {
		this.stop = stop;
	}

	@Override
	public void checkInterrupted(StepExecution stepExecution) throws JobInterruptedException {
		boolean interrupted = Thread.currentThread().isInterrupted();
		if (interrupted || this.stop.isRequested() || stepExecution.isTerminateOnly()) {
			stepExecution.setTerminateOnly();
			throw new JobInterruptedException(interrupted ? "interrupted" : "stop requested");
		}
	}

}
