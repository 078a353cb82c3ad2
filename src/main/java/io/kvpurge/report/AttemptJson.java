package io.kvpurge.report;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.ledger.RunAttempt;

/** The JSON form of one launch of a run. */
public final class AttemptJson {

	private AttemptJson() {
	}

	/**
	 * Puts it into an object.
	 * @param status how it stands, in the words of whoever shows it
	 */
	public static void put(ObjectNode json, RunAttempt attempt, @Nullable String status) {
		json.put("attempt", attempt.number())
			.put("status", status)
			.put("reason", attempt.reason())
			.put("launchedBy", attempt.origin().user())
			.put("host", attempt.origin().host())
			.put("pid", attempt.origin().pid())
			.put("version", attempt.origin().version())
			.put("started", attempt.startedAt().toString())
			.put("alive", attempt.aliveAt().toString())
			.put("ended", (attempt.endedAt() != null) ? attempt.endedAt().toString() : null);
	}

}
