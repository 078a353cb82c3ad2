package io.kvpurge.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

import io.kvpurge.broker.BrokerException;
import io.kvpurge.given.KeySourceException;
import io.kvpurge.ledger.FencedException;
import io.kvpurge.ledger.LedgerException;
import io.kvpurge.ledger.LimitReachedException;
import io.kvpurge.store.QuotaExhaustedException;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;

/** Puts into words why a job execution failed. */
final class Failures {

	private static final Log logger = LogFactory.getLog(Failures.class);

	private Failures() {
	}

	/**
	 * One line for each cause, with the step that it ended: the first one and how many
	 * more, since what fails one range often fails all. The stack of what nobody expects
	 * is logged.
	 * @param stopRequested whether calls were given up because of that: no failure then
	 * @return empty if the execution was completed or stopped
	 */
	static List<String> of(JobExecution execution, boolean stopRequested) {
		if (execution.getStatus() == BatchStatus.COMPLETED || execution.getStatus() == BatchStatus.STOPPED) {
			return List.of();
		}
		Map<String, List<String>> stepsByCause = new LinkedHashMap<>();
		for (StepExecution step : execution.getStepExecutions()) {
			for (Throwable failure : step.getFailureExceptions()) {
				Throwable cause = cause(failure);
				// The step that holds the ranges fails because they do, and says nothing.
				boolean givenUp = stopRequested && cause instanceof TransientStoreException;
				if (!(cause instanceof JobExecutionException) && !givenUp) {
					logIfUnexpected(cause);
					stepsByCause.computeIfAbsent(message(cause), (line) -> new ArrayList<>()).add(name(step));
				}
			}
		}
		List<String> lines = new ArrayList<>();
		stepsByCause.forEach((cause, steps) -> lines
			.add(steps.get(0) + ((steps.size() > 1) ? " and " + (steps.size() - 1) + " more" : "") + ": " + cause));
		if (lines.isEmpty() && !stopRequested) {
			execution.getAllFailureExceptions().forEach((failure) -> lines.add(message(cause(failure))));
		}
		if (lines.isEmpty() && !stopRequested) {
			lines.add("the job ended as " + execution.getStatus());
		}
		return lines.stream().distinct().toList();
	}

	private static String name(StepExecution step) {
		String name = step.getStepName();
		return name.substring(name.indexOf(':') + 1);
	}

	/**
	 * What the store said if the step failed because a daily quota is used up, null if it
	 * did not: a reason to stop, not to fail.
	 */
	static @Nullable String quotaExhausted(StepExecution step) {
		for (Throwable failure : step.getFailureExceptions()) {
			if (cause(failure) instanceof QuotaExhaustedException exhausted) {
				return exhausted.getMessage();
			}
		}
		return null;
	}

	/** Why a step failed, one line. */
	static String line(StepExecution step) {
		List<Throwable> failures = step.getFailureExceptions();
		if (failures.isEmpty()) {
			return "it ended as " + step.getStatus();
		}
		Throwable cause = cause(failures.get(0));
		logIfUnexpected(cause);
		return message(cause);
	}

	/** Whether what failed is not the store, but the way to the ledger. */
	static boolean isOfLedger(StepExecution step) {
		return step.getFailureExceptions()
			.stream()
			.map(Failures::cause)
			.anyMatch((cause) -> cause instanceof FencedException || cause instanceof LedgerException
					|| cause instanceof DataAccessException || cause instanceof TransactionException);
	}

	/** The limit that ended the step, null if none did. */
	static @Nullable LimitReachedException limitReached(StepExecution step) {
		for (Throwable failure : step.getFailureExceptions()) {
			if (cause(failure) instanceof LimitReachedException reached) {
				return reached;
			}
		}
		return null;
	}

	/** The innermost: the framework wraps what happened several times. */
	private static Throwable cause(Throwable failure) {
		Throwable innermost = failure;
		while (innermost.getCause() != null && !isExpected(innermost)) {
			innermost = innermost.getCause();
		}
		return innermost;
	}

	private static boolean isExpected(Throwable failure) {
		return failure instanceof StoreException || failure instanceof FencedException
				|| failure instanceof LimitReachedException || failure instanceof KeySourceException
				|| failure instanceof DataAccessException || failure instanceof TransactionException
				|| failure instanceof BrokerException;
	}

	private static void logIfUnexpected(Throwable cause) {
		if (!isExpected(cause)) {
			logger.error("unexpected", cause);
		}
	}

	private static String message(Throwable cause) {
		// The message of the framework begins with the statement, over several lines.
		boolean byLedger = cause instanceof DataAccessException || cause instanceof TransactionException;
		String message = byLedger ? NestedExceptionUtils.getMostSpecificCause(cause).getMessage() : cause.getMessage();
		String text = (message != null) ? message.lines().findFirst().orElse("") : "";
		return (byLedger ? "the ledger's database: " : "") + (text.isEmpty() ? cause.getClass().getSimpleName() : text);
	}

}
