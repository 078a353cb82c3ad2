package io.kvpurge.job;

import java.util.ArrayList;
import java.util.List;

import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.step.StepExecution;

import io.kvpurge.store.StoreException;

/** Puts into words why a job execution failed. */
final class Failures {

	private Failures() {
	}

	/**
	 * One line for each failed step, the causes of failing ranges first.
	 * @return empty if the execution was completed or stopped
	 */
	static List<String> of(JobExecution execution) {
		if (execution.getStatus() == BatchStatus.COMPLETED || execution.getStatus() == BatchStatus.STOPPED) {
			return List.of();
		}
		List<String> lines = new ArrayList<>();
		for (StepExecution step : execution.getStepExecutions()) {
			if (step.getStatus() != BatchStatus.COMPLETED) {
				step.getFailureExceptions().forEach((failure) -> lines.add(line(step, failure)));
			}
		}
		if (lines.isEmpty()) {
			execution.getAllFailureExceptions().forEach((failure) -> lines.add(message(failure)));
		}
		if (lines.isEmpty()) {
			lines.add("the job ended as " + execution.getStatus());
		}
		return lines.stream().distinct().toList();
	}

	private static String line(StepExecution step, Throwable failure) {
		String name = step.getStepName();
		return name.substring(name.indexOf(':') + 1) + ": " + message(failure);
	}

	/** The innermost message: the framework wraps what happened several times. */
	static String message(Throwable failure) {
		Throwable innermost = failure;
		while (innermost.getCause() != null && !(innermost instanceof StoreException)) {
			innermost = innermost.getCause();
		}
		String message = innermost.getMessage();
		String text = (message != null) ? message.lines().findFirst().orElse("") : "";
		return text.isEmpty() ? innermost.getClass().getSimpleName() : text;
	}

}
