package io.kvpurge.ledger;

import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.store.Cursor;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.ListingPosition;

/** Writes small values into columns so that they can be read with SQL. */
final class LedgerJson {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private LedgerJson() {
	}

	static String text(KeyRange range) {
		ObjectNode json = JSON.createObjectNode();
		putKey(json, "prefix", range.prefix());
		putKey(json, "after", range.after());
		putKey(json, "upTo", range.upTo());
		return json.toString();
	}

	static KeyRange range(String text) {
		JsonNode json = JSON.readTree(text);
		Key prefix = key(json, "prefix");
		return new KeyRange((prefix != null) ? prefix : Key.of(""), key(json, "after"), key(json, "upTo"));
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
