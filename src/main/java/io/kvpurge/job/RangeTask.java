package io.kvpurge.job;

import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

import io.kvpurge.ledger.RunFence;
import io.kvpurge.ledger.RunState;

/**
 * A range that a worker works on, and the last word on how its step ends: what others can
 * carry on is left running, in the job repository as in the queue.
 */
final class RangeTask implements StepExecutionListener {

	private final RunFence fence;

	private final JobRepository jobRepository;

	private final StopSignal stop = new StopSignal();

	private volatile boolean leaving;

	private volatile boolean told;

	private boolean givenBack;

	private @Nullable RunOwnership ownership;

	RangeTask(RunFence fence, JobRepository jobRepository) {
		this.fence = fence;
		this.jobRepository = jobRepository;
	}

	RunFence fence() {
		return this.fence;
	}

	StopSignal stop() {
		return this.stop;
	}

	/** Says by what the range is this worker's. */
	void ownedBy(RunOwnership proof) {
		this.ownership = proof;
	}

	/** This worker leaves: others shall have the range. */
	void leave(String reason) {
		this.leaving = true;
		this.stop.request(reason);
	}

	/** The run stops. */
	void obey(String reason) {
		this.told = true;
		this.stop.request(reason);
	}

	/** Whether others shall carry on with it. */
	boolean isGivenBack(StepExecution step) {
		return this.givenBack || isLost() || step.getStatus() == BatchStatus.UNKNOWN;
	}

	private boolean isLost() {
		return this.ownership != null && this.ownership.isLost();
	}

	@Override
	public ExitStatus afterStep(StepExecution step) {
		StepNote.remove(step);
		if (step.getStatus() == BatchStatus.COMPLETED) {
			return step.getExitStatus();
		}
		if (this.leaving || isLost() || Failures.isOfLedger(step)) {
			this.givenBack = true;
			step.setStatus(BatchStatus.STARTED);
			return step.getExitStatus();
		}
		StepNote note = note(step);
		if (note != null) {
			note.put(step);
			// Before the status: whoever sees that finds this.
			this.jobRepository.updateExecutionContext(step);
		}
		if (this.stop.isRequested()) {
			step.setStatus(BatchStatus.STOPPED);
			return ExitStatus.STOPPED;
		}
		return step.getExitStatus();
	}

	/** Null if the run knows it already. */
	private @Nullable StepNote note(StepExecution step) {
		RunState state = this.stop.state();
		if (state == null) {
			return new StepNote(RunState.FAILED, Failures.line(step));
		}
		return this.told ? null : new StepNote(state, String.valueOf(this.stop.reason()));
	}

}
