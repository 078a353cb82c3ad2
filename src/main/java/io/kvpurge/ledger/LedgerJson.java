package io.kvpurge.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.store.Cursor;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.ListingPosition;

/** Writes small values into columns so that they can be read with SQL. */
final class LedgerJson {

	private static final JsonMapper JSON = JsonMapper.shared();

	private LedgerJson() {
	}

	static String text(KeyRange range) {
		ObjectNode json = JSON.createObjectNode();
		putKey(json, "prefix", range.prefix());
		putKey(json, "after", range.after());
		putKey(json, "upTo", range.upTo());
		if (range.part() != null) {
			json.put("part", range.part());
		}
		return json.toString();
	}

	static KeyRange range(String text) {
		JsonNode json = JSON.readTree(text);
		Key prefix = key(json, "prefix");
		return new KeyRange((prefix != null) ? prefix : Key.of(""), key(json, "after"), key(json, "upTo"),
				json.has("part") ? json.get("part").asString() : null);
	}

	static String text(ListingPosition position) {
		ObjectNode json = JSON.createObjectNode();
		if (position.cursor() != null) {
			json.put("cursor", position.cursor().value());
		}
		putKey(json, "lastKey", position.lastKey());
		return json.toString();
	}

	static ListingPosition position(String text) {
		JsonNode json = JSON.readTree(text);
		JsonNode cursor = json.get("cursor");
		return new ListingPosition((cursor != null) ? new Cursor(cursor.asString()) : null, key(json, "lastKey"));
	}

	static String text(Findings findings) {
		ObjectNode json = JSON.createObjectNode();
		json.set("values", JSON.valueToTree(findings.values()));
		ArrayNode sample = json.putArray("sample");
		for (Findings.Sample entry : findings.sample()) {
			ObjectNode shown = sample.addObject();
			putKey(shown, "key", entry.key());
			shown.put("metadata", entry.metadata());
		}
		return json.toString();
	}

	static Findings findings(String text) {
		JsonNode json = JSON.readTree(text);
		Map<String, Map<String, Long>> values = JSON.convertValue(json.required("values"),
				new TypeReference<Map<String, Map<String, Long>>>() {
				});
		List<Findings.Sample> sample = new ArrayList<>();
		for (JsonNode entry : json.required("sample")) {
			Key key = key(entry, "key");
			sample.add(new Findings.Sample((key != null) ? key : Key.of(""), entry.required("metadata").asString()));
		}
		return new Findings(values, sample);
	}

	static String text(HandOut handOut) {
		ObjectNode json = JSON.createObjectNode();
		json.put("version", handOut.version());
		json.put("definition", handOut.definitionText());
		ArrayNode protect = json.putArray("protect");
		handOut.protect().forEach((prefix) -> putKey(protect.addObject(), "prefix", prefix));
		json.put("maxAge", handOut.maxAge().toString());
		json.put("settleDelay", handOut.settleDelay().toString());
		json.put("backupMark", handOut.backupMark());
		return json.toString();
	}

	static HandOut handOut(String text) {
		JsonNode json = JSON.readTree(text);
		List<Key> protect = new ArrayList<>();
		for (JsonNode prefix : json.required("protect")) {
			Key key = key(prefix, "prefix");
			protect.add((key != null) ? key : Key.of(""));
		}
		return new HandOut(json.required("version").asString(), json.required("definition").asString(), protect,
				Duration.parse(json.required("maxAge").asString()),
				Duration.parse(json.required("settleDelay").asString()),
				json.hasNonNull("backupMark") ? json.get("backupMark").asString() : null);
	}

	static String text(Forecast forecast) {
		return JSON.writeValueAsString(forecast.ways());
	}

	static Forecast forecast(String text) {
		return new Forecast(JSON.readValue(text, new TypeReference<LinkedHashMap<String, Forecast.Effort>>() {
		}));
	}

	static String text(Map<String, ?> map) {
		return JSON.writeValueAsString(new TreeMap<>(map));
	}

	static Map<String, Long> numbers(String text) {
		return JSON.readValue(text, new TypeReference<Map<String, Long>>() {
		});
	}

	static Map<String, String> texts(@Nullable String text) {
		if (text == null) {
			return Map.of();
		}
		@Nullable Map<String, String> texts = JSON.readValue(text, new TypeReference<Map<String, String>>() {
		});
		if (texts == null) {
			throw new IllegalArgumentException("'" + text + "' is no JSON object");
		}
		return texts;
	}

	private static void putKey(ObjectNode json, String field, @Nullable Key key) {
		if (key == null) {
			return;
		}
		if (key.isText()) {
			json.put(field, key.text());
		}
		else {
			json.put(field + "64", key.base64());
		}
	}

	private static @Nullable Key key(JsonNode json, String field) {
		if (json.has(field)) {
			return Key.of(json.get(field).asString());
		}
		return json.has(field + "64") ? Key.ofBase64(json.get(field + "64").asString()) : null;
	}

}
