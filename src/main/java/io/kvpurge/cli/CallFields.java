package io.kvpurge.cli;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.kvpurge.ledger.KeyOutcome;
import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunAttempt;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.store.Key;

/** What the ledger says of one key in a call of a run, by name, for machines. */
final class CallFields {

	/** The names, in their order. */
	static final List<String> NAMES = List.of("key", "key64", "outcome", "reason", "run", "range", "call", "attempt",
			"announced", "settled", "digest", "launchedBy", "host", "version");

	private final PurgeRun run;

	private final Map<Integer, RunOrigin> launches;

	CallFields(PurgeRun run, List<RunAttempt> attempts) {
		this.run = run;
		this.launches = attempts.stream().collect(Collectors.toMap(RunAttempt::number, RunAttempt::origin));
	}

	/** All of the fields; null where there is no value. */
	Map<String, @Nullable Object> of(LedgerCall call, int index) {
		Key key = call.keys().get(index);
		Instant settledAt = call.settledAt();
		KeyOutcome outcome = (settledAt != null) ? call.outcomes().get(index) : null;
		// Runs of the first versions have no attempts: of them only the latest launch is
		// known.
		RunOrigin launch = this.launches.getOrDefault(call.attempt(), this.run.origin());
		Map<String, @Nullable Object> fields = new LinkedHashMap<>();
		fields.put("key", key.isText() ? key.text() : null);
		fields.put("key64", key.isText() ? null : key.base64());
		fields.put("outcome", (outcome != null) ? outcome.outcome().name().toLowerCase(Locale.ROOT) : "in-doubt");
		fields.put("reason", (outcome != null) ? outcome.reason() : null);
		fields.put("run", call.run().toString());
		fields.put("range", call.range());
		fields.put("call", call.sequence());
		fields.put("attempt", call.attempt());
		fields.put("announced", call.announcedAt().toString());
		fields.put("settled", (settledAt != null) ? settledAt.toString() : null);
		fields.put("digest", this.run.identity().digest());
		fields.put("launchedBy", launch.user());
		fields.put("host", launch.host());
		fields.put("version", launch.version());
		return fields;
	}

}
