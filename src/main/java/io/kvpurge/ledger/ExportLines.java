package io.kvpurge.ledger;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.store.Guarantee;
import io.kvpurge.store.Key;

/**
 * The lines of an exported run, each one JSON object: what hashes cover, and the hashes.
 * Reading throws a {@link RuntimeException} where a line is not of its form.
 */
final class ExportLines {

	/** What every export begins with. */
	static final String TAG = "{\"format\":\"kvpurge/export/1\",";

	private static final JsonMapper JSON = JsonMapper.shared();

	private ExportLines() {
	}

	static JsonNode parse(String line) {
		return JSON.readTree(line);
	}

	static String run(RecordedRun recorded) {
		PurgeRun run = recorded.run();
		RunIdentity identity = run.identity();
		ObjectNode json = JSON.createObjectNode();
		json.put("format", "kvpurge/export/1");
		json.put("run", run.id().toString());
		json.put("mode", identity.mode().name());
		json.put("digest", identity.digest());
		json.put("definition", run.definitionText());
		json.put("parameters", identity.parameters());
		json.put("store", identity.store());
		json.put("asOf", identity.asOf().toString());
		json.put("guarantee", run.guarantee().toString());
		json.put("tellsVanished", run.tellsVanished());
		putOrigin(json, run.origin());
		json.put("attempts", run.attempts());
		json.put("state", run.state().name());
		json.put("reason", run.reason());
		json.put("startedAt", run.startedAt().toString());
		json.put("endedAt", text(run.endedAt()));
		json.put("replaces", run.replaces());
		json.put("prunedAt", text(run.prunedAt()));
		if (identity.plan() != null) {
			json.put("plan", identity.plan());
		}
		RestoreTerms restore = identity.restore();
		if (restore != null) {
			json.put("restores", restore.run());
			json.put("restoresWhere", restore.where());
			json.put("overwrites", restore.overwrite());
		}
		if (run.forecastText() != null) {
			json.put("forecast", run.forecastText());
		}
		json.put("previousSeal", recorded.previousSeal());
		json.put("seal", run.seal());
		ArrayNode launches = json.putArray("launches");
		recorded.attempts().forEach((attempt) -> putAttempt(launches.addObject(), attempt));
		return json.toString();
	}

	private static void putOrigin(ObjectNode json, RunOrigin origin) {
		json.put("launchedBy", origin.user());
		json.put("host", origin.host());
		json.put("pid", origin.pid());
		json.put("version", origin.version());
	}

	private static void putAttempt(ObjectNode json, RunAttempt attempt) {
		json.put("attempt", attempt.number());
		putOrigin(json, attempt.origin());
		json.put("startedAt", attempt.startedAt().toString());
		json.put("endedAt", text(attempt.endedAt()));
		json.put("state", attempt.state().name());
		json.put("reason", attempt.reason());
	}

	static RecordedRun run(JsonNode json) {
		RunId id = RunId.parse(text(json, "run"));
		RunIdentity identity = new RunIdentity(id.definition(), text(json, "digest"), text(json, "parameters"),
				text(json, "store"), RunMode.valueOf(text(json, "mode")), Instant.parse(text(json, "asOf")),
				json.has("plan") ? json.required("plan").intValue() : null, restore(json));
		JsonNode replaces = json.required("replaces");
		PurgeRun run = new PurgeRun(id, identity, text(json, "definition"), guarantee(text(json, "guarantee")),
				json.required("tellsVanished").booleanValue(), origin(json), json.required("attempts").intValue(), 0,
				RunState.valueOf(text(json, "state")), find(json, "reason"), Instant.parse(text(json, "startedAt")),
				time(json, "endedAt"), find(json, "seal"), replaces.isNull() ? null : replaces.intValue(),
				time(json, "prunedAt"), null, json.has("forecast") ? text(json, "forecast") : null, null);
		List<RunAttempt> attempts = new ArrayList<>();
		json.required("launches").forEach((launch) -> attempts.add(attempt(launch)));
		return new RecordedRun(run, attempts, find(json, "previousSeal"));
	}

	private static @Nullable RestoreTerms restore(JsonNode json) {
		return json.has("restores") ? new RestoreTerms(json.required("restores").intValue(),
				find(json, "restoresWhere"), json.required("overwrites").booleanValue()) : null;
	}

	private static Guarantee guarantee(String text) {
		for (Guarantee guarantee : Guarantee.values()) {
			if (guarantee.toString().equals(text)) {
				return guarantee;
			}
		}
		throw new IllegalArgumentException("'" + text + "' is no guarantee");
	}

	private static RunOrigin origin(JsonNode json) {
		return new RunOrigin(text(json, "launchedBy"), text(json, "host"), json.required("pid").longValue(),
				text(json, "version"));
	}

	private static RunAttempt attempt(JsonNode json) {
		Instant startedAt = Instant.parse(text(json, "startedAt"));
		return new RunAttempt(json.required("attempt").intValue(), origin(json), startedAt, startedAt,
				time(json, "endedAt"), RunState.valueOf(text(json, "state")), find(json, "reason"), 0);
	}

	static String range(StoredRange range) {
		EntryCounts counts = range.counts();
		CallCounts calls = range.calls();
		ObjectNode json = JSON.createObjectNode();
		json.put("range", range.number());
		json.put("bounds", range.bounds());
		json.put("position", range.position());
		json.put("done", range.done());
		json.put("reasons", range.reasons());
		json.put("listed", counts.listed());
		json.put("unmatched", counts.unmatched());
		json.put("held", counts.held());
		json.put("undecided", counts.undecided());
		json.put("matched", counts.matched());
		json.put("deleted", counts.deleted());
		json.put("vanished", counts.vanished());
		json.put("spared", counts.spared());
		json.put("refused", counts.refused());
		json.put("listCalls", calls.list());
		json.put("deleteCalls", calls.delete());
		json.put("otherCalls", calls.other());
		json.put("retriedCalls", calls.retried());
		if (range.findings() != null) {
			json.put("findings", range.findings());
		}
		json.put("sealedHash", range.sealedHash());
		RangeChain pruned = range.prunedChain();
		if (pruned != null) {
			json.put("prunedCalls", pruned.calls());
			json.put("prunedAnnounced", pruned.lastAnnounced());
			json.put("prunedSettled", pruned.settledDigest());
		}
		return json.toString();
	}

	static StoredRange range(RunId run, JsonNode json) {
		EntryCounts counts = new EntryCounts(number(json, "listed"), number(json, "unmatched"), number(json, "held"),
				number(json, "undecided"), number(json, "matched"), number(json, "deleted"), number(json, "vanished"),
				number(json, "spared"), number(json, "refused"));
		CallCounts calls = new CallCounts(number(json, "listCalls"), number(json, "deleteCalls"),
				number(json, "otherCalls"), number(json, "retriedCalls"));
		RangeChain pruned = json.has("prunedCalls") ? new RangeChain(number(json, "prunedCalls"),
				text(json, "prunedAnnounced"), text(json, "prunedSettled")) : null;
		return new StoredRange(run, json.required("range").intValue(), text(json, "bounds"), text(json, "position"),
				counts, calls, text(json, "reasons"), json.required("done").booleanValue(),
				json.has("findings") ? text(json, "findings") : null, find(json, "sealedHash"), pruned);
	}

	static String call(StoredCall stored) {
		LedgerCall call = stored.call();
		ObjectNode json = JSON.createObjectNode();
		json.put("call", call.sequence());
		json.put("range", call.range());
		json.put("attempt", call.attempt());
		json.put("announcedAt", call.announcedAt().toString());
		json.put("announcedHash", call.announcedHash());
		json.put("settledAt", text(call.settledAt()));
		json.put("settledHash", call.settledHash());
		json.put("outcomes", stored.outcomes());
		json.put("reasons", stored.reasons());
		ArrayNode keys = json.putArray("keys");
		for (Key key : call.keys()) {
			if (key.isText()) {
				keys.add(key.text());
			}
			else {
				keys.addObject().put("key64", key.base64());
			}
		}
		return json.toString();
	}

	static StoredCall call(RunId run, JsonNode json) {
		List<Key> keys = new ArrayList<>();
		for (JsonNode key : json.required("keys")) {
			keys.add(key.isObject() ? Key.ofBase64(text(key, "key64")) : Key.of(key.stringValue()));
		}
		String outcomes = find(json, "outcomes");
		String reasons = find(json, "reasons");
		String settledHash = find(json, "settledHash");
		OutcomeCounts counts = OutcomeCounts
			.of((outcomes != null) ? OutcomeCodec.parse(outcomes, LedgerJson.texts(reasons), keys.size()) : List.of());
		return new StoredCall(run, json.required("range").intValue(), json.required("call").intValue(),
				json.required("attempt").intValue(), settledHash != null, keys.size(),
				ByteBuffer.wrap(KeyCodec.pack(keys)), outcomes, reasons, counts,
				Instant.parse(text(json, "announcedAt")), time(json, "settledAt"), text(json, "announcedHash"),
				settledHash);
	}

	static String end(RunId run, int ranges, long calls) {
		return JSON.createObjectNode().put("end", run.toString()).put("ranges", ranges).put("calls", calls).toString();
	}

	private static long number(JsonNode json, String field) {
		return json.required(field).longValue();
	}

	private static String text(JsonNode json, String field) {
		return json.required(field).stringValue();
	}

	private static @Nullable String find(JsonNode json, String field) {
		JsonNode value = json.required(field);
		return value.isNull() ? null : value.stringValue();
	}

	private static @Nullable Instant time(JsonNode json, String field) {
		String text = find(json, field);
		return (text != null) ? Instant.parse(text) : null;
	}

	private static @Nullable String text(@Nullable Instant instant) {
		return (instant != null) ? instant.toString() : null;
	}

}
