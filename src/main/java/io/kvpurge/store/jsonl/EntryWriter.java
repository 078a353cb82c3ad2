package io.kvpurge.store.jsonl;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyValue;

/** Writes entries as {@link EntryReader} reads them. */
public final class EntryWriter {

	private static final JsonMapper JSON = JsonMapper.builder().build();

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
		return json.toString();
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
