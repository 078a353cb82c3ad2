package io.kvpurge.cli;

import java.util.List;

import tools.jackson.databind.node.ArrayNode;

import io.kvpurge.ledger.RunAttempt;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.AttemptJson;

/**
 * The launches of a run that does not go on now, and how each ended.
 *
 * @param attempts the attempts by number
 */
record AttemptHistory(List<RunAttempt> attempts) {

	AttemptHistory {
		attempts = List.copyOf(attempts);
	}

	/** A line for each. */
	String toText() {
		StringBuilder text = new StringBuilder();
		for (RunAttempt attempt : this.attempts) {
			text.append("  attempt %-2d %s, by %s on %s (pid %d, version %s), from %s%s%n".formatted(attempt.number(),
					state(attempt), attempt.origin().user(), attempt.origin().host(), attempt.origin().pid(),
					attempt.origin().version(), attempt.startedAt(), end(attempt)));
		}
		return text.toString().stripTrailing();
	}

	private static String end(RunAttempt attempt) {
		return (attempt.endedAt() != null) ? " to " + attempt.endedAt() + ": " + attempt.reason() : "";
	}

	/** An object for each. */
	void putInto(ArrayNode array) {
		for (RunAttempt attempt : this.attempts) {
			AttemptJson.put(array.addObject(), attempt, state(attempt).replace(' ', '_'));
		}
	}

	private static String state(RunAttempt attempt) {
		return (attempt.state() == RunState.RUNNING) ? "CUT OFF" : attempt.state().name();
	}

}
