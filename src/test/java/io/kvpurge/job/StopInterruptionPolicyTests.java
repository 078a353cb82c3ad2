package io.kvpurge.job;

import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.support.ResourcelessJobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.StepInterruptionPolicy;
import org.springframework.batch.core.step.ThreadStepInterruptionPolicy;
import org.springframework.batch.core.step.builder.ChunkOrientedStepBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;

import static org.assertj.core.api.Assertions.assertThat;

class StopInterruptionPolicyTests {

	private static final int ITEMS = 1000;

	private final JobRepository jobRepository = new ResourcelessJobRepository();

	@AfterEach
	void clearInterrupt() {
		Thread.interrupted();
	}

	@Test
	void anInterruptedWorkerIsNotCompleted() throws Exception {
		StepExecution execution = interruptedAt(400, new StopInterruptionPolicy(new StopSignal()));
		assertThat(execution.getStatus()).isEqualTo(BatchStatus.STOPPED);
		assertThat(execution.getReadCount()).isLessThan(ITEMS);
	}

	/** Why the policy exists: as soon as this fails, the framework has mended it. */
	@Test
	void theFrameworksOwnPolicyCompletesAnInterruptedStepWithItemsLeft() throws Exception {
		StepExecution execution = interruptedAt(400, new ThreadStepInterruptionPolicy());
		assertThat(execution.getReadCount()).isLessThan(ITEMS);
		assertThat(execution.getStatus()).isEqualTo(BatchStatus.COMPLETED);
	}

	@Test
	void aRequestedStopEndsTheStep() {
		StopSignal stop = new StopSignal();
		stop.request("enough");
		StepExecution execution = execution();
		org.assertj.core.api.Assertions.assertThatExceptionOfType(JobInterruptedException.class)
			.isThrownBy(() -> new StopInterruptionPolicy(stop).checkInterrupted(execution));
		assertThat(execution.isTerminateOnly()).isTrue();
	}

	private StepExecution interruptedAt(int item, StepInterruptionPolicy policy) throws Exception {
		AtomicInteger read = new AtomicInteger();
		Step step = new ChunkOrientedStepBuilder<Integer, Integer>("step", this.jobRepository, 100).reader(() -> {
			int next = read.incrementAndGet();
			if (next == item) {
				Thread.currentThread().interrupt();
			}
			return (next <= ITEMS) ? next : null;
		}).writer((chunk) -> {
		}).interruptionPolicy(policy).build();
		StepExecution execution = execution();
		step.execute(execution);
		return execution;
	}

	private StepExecution execution() {
		JobInstance instance = this.jobRepository.createJobInstance("job", new JobParameters());
		JobExecution job = this.jobRepository.createJobExecution(instance, new JobParameters(), new ExecutionContext());
		return this.jobRepository.createStepExecution("step", job);
	}

}
