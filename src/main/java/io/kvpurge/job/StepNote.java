package io.kvpurge.job;

import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;

import io.kvpurge.ledger.RunState;

/**
 * Why a range ended in another process, as its step's execution context says it: what
 * failed is not in the job repository.
 *
 * @param state what the run shall be then, {@link RunState#FAILED} if something failed
 * @param reason why, one line
 */
record StepNote(RunState state, String reason) {

	private static final String STATE = "endedAs";

	private static final String REASON = "because";

	void put(StepExecution step) {
		step.getExecutionContext().putString(STATE, this.state.name());
		step.getExecutionContext().putString(REASON, this.reason);
	}

	/** What an earlier execution of the same range said holds no more. */
	static void remove(StepExecution step) {
		step.getExecutionContext().remove(STATE);
		step.getExecutionContext().remove(REASON);
	}

	/** What a step that has ended says, null if it says nothing. */
	static @Nullable StepNote of(StepExecution step) {
		ExecutionContext context = step.getExecutionContext();
		if (step.getStatus() == BatchStatus.COMPLETED || !context.containsKey(STATE)) {
			return null;
		}
		return new StepNote(RunState.valueOf(context.getString(STATE)), context.getString(REASON));
	}

}
