package io.kvpurge.definition;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import io.kvpurge.filter.Rule;
import io.kvpurge.given.KeyDigest;
import io.kvpurge.store.jsonl.JsonValues;

/**
 * The digest of what decides which keys go: name, store, parameters, prefixes and rules,
 * by meaning and not by layout. Secrets are not in it, so that a password may change
 * under an unfinished run.
 */
final class DefinitionDigest {

	private DefinitionDigest() {
	}

	static String of(String name, StoreDefinition store, Map<String, ParameterDefinition> parameters,
			List<String> prefixes, @Nullable String splitBy, boolean keysNamed, Rule where, @Nullable Rule keep) {
		Map<String, Object> meaning = new TreeMap<>();
		meaning.put("kvpurge", "definition/1");
		meaning.put("name", name);
		meaning.put("store",
				new TreeMap<>(Map.of("type", store.type(), "options", new TreeMap<>(store.publicValues()))));
		Map<String, Object> declared = new TreeMap<>();
		parameters.forEach((parameter, definition) -> {
			Map<String, @Nullable Object> fields = new TreeMap<>();
			fields.put("type", definition.type().toString());
			fields.put("default", definition.defaultTexts());
			fields.put("pattern", definition.pattern());
			declared.put(parameter, fields);
		});
		meaning.put("parameters", declared);
		meaning.put("prefixes", prefixes.stream().sorted().toList());
		if (splitBy != null) {
			meaning.put("splitBy", splitBy.codePoints().sorted().mapToObj(Character::toString).toList());
		}
		if (keysNamed) {
			meaning.put("keys", "named");
		}
		meaning.put("where", where.parsed());
		if (keep != null) {
			meaning.put("keep", keep.parsed());
		}
		return sha256(JsonValues.text(meaning));
	}

	/** The digest of a definition and of the keys that it names. */
	static String with(String digest, KeyDigest keys) {
		return sha256(JsonValues.text(new TreeMap<>(Map.of("definition", digest, "keys", keys.hash()))));
	}

	private static String sha256(String text) {
		try {
			byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
			return HexFormat.of().formatHex(hash);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
