package io.kvpurge.store.redis;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoredEntry;
import io.kvpurge.store.Unreadable;
import io.kvpurge.store.Value;
import io.kvpurge.store.jsonl.JsonValues;

/** Looks keys up: only what the rule names, many keys with one script. */
final class KeyReading {

	/** What an entry's exact copy is called among its columns. */
	static final String DUMP = "dump";

	/** So many keys of one script keep nobody waiting. */
	private static final int KEYS_AT_ONCE = 100;

	private final RedisConnection connection;

	private final Reading reading;

	private final ServerFacts facts;

	KeyReading(RedisConnection connection, Reading reading, ServerFacts facts) {
		this.connection = connection;
		this.reading = reading;
		this.facts = facts;
	}

	/** Those of the keys that are there, as the rule wants to see them. */
	List<KeyEntry> entries(Collection<Key> keys) {
		List<KeyEntry> entries = new ArrayList<>(keys.size());
		look(keys, false).forEach((key, seen) -> entries.add(seen.isEmpty() ? KeyEntry.of(key) : entry(key, seen)));
		return entries;
	}

	/**
	 * Keys that a listing shows, as the rule wants to see them, if they still are there.
	 */
	List<KeyEntry> listed(Collection<Key> keys) {
		return this.reading.isMoreThanKeys() ? entries(keys) : keys.stream().map(KeyEntry::of).toList();
	}

	/** Those of the keys that are there, with exact copies. */
	List<StoredEntry> stored(Collection<Key> keys) {
		List<StoredEntry> stored = new ArrayList<>(keys.size());
		look(keys, true).forEach((key, seen) -> {
			byte[] dump = (byte[]) seen.get(7);
			if (dump != null) {
				stored.add(new StoredEntry(entry(key, seen), new KeyValue(key, null, Metadata.ABSENT,
						expiration(seen.get(1)), Map.of(DUMP, Value.of(dump)))));
			}
		});
		return stored;
	}

	/** What a delete with these flags compares. */
	List<byte[]> arguments(boolean withDump) {
		return this.reading.arguments(this.reading.expiration(), withDump, this.facts.knowsExpireTime())
			.stream()
			.map(RedisConnection::bytes)
			.toList();
	}

	/**
	 * What is seen of those keys that are there, nothing of one that only its name is
	 * wanted of and that is forbidden to the user: nobody deletes it for this user.
	 */
	private Map<Key, List<?>> look(Collection<Key> keys, boolean withDump) {
		List<Key> wanted = List.copyOf(new LinkedHashSet<>(keys));
		Map<Key, List<?>> found = new LinkedHashMap<>();
		List<Key> mixed = look(wanted, this.connection.keysAtOnce(KEYS_AT_ONCE), withDump, found);
		if (!mixed.isEmpty()) {
			look(mixed, 1, withDump, found);
		}
		return found;
	}

	/**
	 * Looks by scripts of so many keys.
	 * @return the keys of those that the server did not run, since they name one that is
	 * forbidden
	 */
	private List<Key> look(List<Key> wanted, int atOnce, boolean withDump, Map<Key, List<?>> found) {
		KeyCommands commands = this.connection.commands();
		List<byte[]> arguments = arguments(withDump);
		List<List<Key>> parts = new ArrayList<>();
		List<CompletableFuture<List<@Nullable Object>>> answers = new ArrayList<>();
		for (int start = 0; start < wanted.size(); start += atOnce) {
			List<Key> part = wanted.subList(start, Math.min(wanted.size(), start + atOnce));
			parts.add(part);
			answers.add(this.connection.run(commands, Script.READ, part.stream().map(Key::bytes).toList(), arguments));
		}
		List<Key> mixed = new ArrayList<>();
		for (int i = 0; i < parts.size(); i++) {
			List<Key> part = parts.get(i);
			try {
				add(part, this.connection.outcome(answers.get(i)), found);
			}
			catch (ExecutionException ex) {
				Throwable failure = RedisFailures.cause(ex);
				boolean isNameEnough = !withDump && !this.reading.isMoreThanKeys();
				if (!RedisFailures.isForbiddenKey(failure) || (part.size() == 1 && !isNameEnough)) {
					throw RedisFailures.translate("cannot read", failure);
				}
				if (part.size() > 1) {
					mixed.addAll(part);
				}
				else {
					found.put(part.get(0), List.of());
				}
			}
		}
		return mixed;
	}

	private static void add(List<Key> keys, List<@Nullable Object> answer, Map<Key, List<?>> found) {
		for (int i = 0; i < keys.size(); i++) {
			if (answer.get(i) instanceof List<?> seen) {
				found.put(keys.get(i), seen);
			}
		}
	}

	private KeyEntry entry(Key key, List<?> seen) {
		boolean touched = seen.get(7) != null && !this.facts.canLeaveUntouched();
		SeenKey version = new SeenKey(text((byte[]) seen.get(6)), touched ? null : (Long) seen.get(2),
				touched ? null : (Long) seen.get(3));
		Instant expiration = this.reading.expiration() ? expiration(seen.get(1)) : null;
		return new KeyEntry(key, metadata(seen), expiration, version);
	}

	private static @Nullable Instant expiration(@Nullable Object milliseconds) {
		return (milliseconds instanceof Long at && at >= 0) ? Instant.ofEpochMilli(at) : null;
	}

	private Metadata metadata(List<?> seen) {
		Map<String, @Nullable Object> fields = new LinkedHashMap<>();
		String type = text((byte[]) seen.get(0));
		if (this.reading.type()) {
			fields.put("type", type);
		}
		putIfThere(fields, "idle", seen.get(2));
		putIfThere(fields, "freq", seen.get(3));
		putIfThere(fields, "size", seen.get(4));
		if (seen.get(5) instanceof List<?> contents) {
			if (type.equals("hash")) {
				fields.put("hash", hash(contents));
			}
			else {
				fields.put("json", json(contents.isEmpty() ? null : (byte[]) contents.get(0)));
			}
		}
		return fields.isEmpty() ? Metadata.ABSENT : Metadata.of(fields);
	}

	private static void putIfThere(Map<String, @Nullable Object> fields, String name, @Nullable Object value) {
		if (value != null) {
			fields.put(name, value);
		}
	}

	private Map<String, @Nullable Object> hash(List<?> contents) {
		Map<String, @Nullable Object> fields = new LinkedHashMap<>();
		if (this.reading.hash()) {
			for (int i = 0; i + 1 < contents.size(); i += 2) {
				fields.put(text((byte[]) contents.get(i)), textOrUnreadable((byte[]) contents.get(i + 1)));
			}
			return fields;
		}
		int next = 0;
		for (String name : this.reading.hashFields()) {
			Object value = contents.get(next++);
			if (value != null) {
				fields.put(name, textOrUnreadable((byte[]) value));
			}
		}
		return fields;
	}

	private @Nullable Object json(byte @Nullable [] value) {
		Object text = (value != null) ? textOrUnreadable(value) : Unreadable.VALUE;
		if (!(text instanceof String json)) {
			return Unreadable.VALUE;
		}
		try {
			Object parsed = JsonValues.parse(json);
			if (this.reading.jsonFields().isEmpty() || !(parsed instanceof Map<?, ?> all)) {
				return parsed;
			}
			Map<String, @Nullable Object> named = new LinkedHashMap<>();
			all.forEach((name, field) -> {
				if (this.reading.jsonFields().contains(String.valueOf(name))) {
					named.put(String.valueOf(name), field);
				}
			});
			return named;
		}
		catch (JacksonException ex) {
			return Unreadable.VALUE;
		}
	}

	private static Object textOrUnreadable(byte[] bytes) {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
		}
		catch (CharacterCodingException ex) {
			return Unreadable.VALUE;
		}
	}

	private static String text(byte @Nullable [] bytes) {
		return (bytes != null) ? new String(bytes, StandardCharsets.UTF_8) : "";
	}

	/** What {@link EntryWriting} writes, as it was written; an exact copy of the rest. */
	List<KeyValue> values(Collection<Key> keys) {
		KeyReading whole = new KeyReading(this.connection, Reading.WHOLE, this.facts);
		List<KeyValue> values = new ArrayList<>(keys.size());
		whole.look(keys, true).forEach((key, seen) -> values.add(whole.value(key, seen)));
		return values;
	}

	private KeyValue value(Key key, List<?> seen) {
		Instant expiration = expiration(seen.get(1));
		if (seen.get(5) instanceof List<?> contents) {
			if (!text((byte[]) seen.get(0)).equals("hash")) {
				return new KeyValue(key, Value.of((byte[]) contents.get(0)), Metadata.ABSENT, expiration);
			}
			Map<String, @Nullable Object> fields = hash(contents);
			if (!fields.containsValue(Unreadable.VALUE)) {
				return new KeyValue(key, null, Metadata.of(Map.of("hash", fields)), expiration);
			}
		}
		return new KeyValue(key, null, Metadata.ABSENT, expiration, Map.of(DUMP, Value.of((byte[]) seen.get(7))));
	}

}
