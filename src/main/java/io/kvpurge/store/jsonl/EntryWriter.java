package io.kvpurge.store.jsonl;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.Value;

/** Writes entries as {@link EntryReader} reads them. */
public final class EntryWriter {

	private static final JsonMapper JSON = JsonMapper.shared();

	private EntryWriter() {
	}

	/** The entry as one line, without its end. */
	public static String line(KeyValue entry) {
		ObjectNode json = JSON.createObjectNode();
		putKey(json, entry.key());
		if (entry.value() != null) {
			putBytes(json, "value", entry.value().bytes());
		}
		if (entry.metadata().isPresent()) {
			json.set("metadata", JSON.valueToTree(entry.metadata().value()));
		}
		if (entry.expiration() != null) {
			json.put("expiration", entry.expiration().toString());
		}
		if (!entry.columns().isEmpty()) {
			ObjectNode columns = json.putObject("columns");
			entry.columns().forEach((name, value) -> putColumn(columns, name, value));
		}
		return json.toString();
	}

	private static void putColumn(ObjectNode columns, String name, @Nullable Value value) {
		if (value == null) {
			columns.putNull(name);
			return;
		}
		Key text = Key.of(value.bytes());
		if (text.isText()) {
			columns.put(name, text.text());
		}
		else {
			columns.putObject(name).put("base64", text.base64());
		}
	}

	/**
	 * Puts a key into an object: as {@code key}, or as {@code key64} if it is no text.
	 */
	public static void putKey(ObjectNode json, Key key) {
		if (key.isText()) {
			json.put("key", key.text());
		}
		else {
			json.put("key64", key.base64());
		}
	}

	private static void putBytes(ObjectNode json, String field, byte[] bytes) {
		try {
			json.put(field, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
		}
		catch (CharacterCodingException ex) {
			json.put(field + "64", Base64.getEncoder().encodeToString(bytes));
		}
	}

}
