package io.kvpurge.store.redis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RestoreArgs;
import io.lettuce.core.SetArgs;
import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.Value;

/**
 * Writes exact copies as such; of other entries a value as a string, and metadata of the
 * form {@code {"hash": {...}}} as a hash.
 */
final class EntryWriting {

	private static final String WHAT = "cannot write";

	private final RedisConnection connection;

	EntryWriting(RedisConnection connection) {
		this.connection = connection;
	}

	/** Writes entries; those that are there are replaced, or left and returned. */
	List<Key> write(List<KeyValue> entries, boolean replacing) {
		entries.forEach(EntryWriting::requirePlace);
		KeyCommands commands = this.connection.commands();
		Map<Key, CompletableFuture<Boolean>> answers = new LinkedHashMap<>();
		for (KeyValue entry : entries) {
			answers.put(entry.key(), write(commands, entry, replacing).toCompletableFuture());
		}
		List<Key> there = new ArrayList<>();
		answers.forEach((key, answer) -> {
			if (!this.connection.await(WHAT, answer)) {
				there.add(key);
			}
		});
		return there;
	}

	private static void requirePlace(KeyValue entry) {
		if (entry.columns().get(KeyReading.DUMP) != null) {
			return;
		}
		if (entry.metadata().isPresent() && hash(entry) == null) {
			throw new UnsupportedOperationException(
					"a Redis key has no place for metadata other than" + " {\"hash\": {...}} with one text or more");
		}
		if (entry.metadata().isPresent() && entry.value() != null) {
			throw new UnsupportedOperationException(
					"a Redis key is a string or a hash: give a value, or metadata with \"hash\", not both");
		}
	}

	private static @Nullable Map<?, ?> hash(KeyValue entry) {
		return (entry.metadata().value() instanceof Map<?, ?> all && all.size() == 1
				&& all.get("hash") instanceof Map<?, ?> hash && !hash.isEmpty()
				&& hash.values().stream().allMatch(String.class::isInstance)) ? hash : null;
	}

	private CompletionStage<Boolean> write(KeyCommands commands, KeyValue entry, boolean replacing) {
		byte[] key = entry.key().bytes();
		Instant expiration = entry.expiration();
		Value dump = entry.columns().get(KeyReading.DUMP);
		if (dump != null) {
			RestoreArgs terms = RestoreArgs.Builder.ttl((expiration != null) ? expiration.toEpochMilli() : 0).absttl();
			return thereIfBusy(commands.send(key,
					(server) -> server.restore(key, dump.bytes(), replacing ? terms.replace() : terms)));
		}
		Map<?, ?> hash = hash(entry);
		if (hash == null) {
			SetArgs terms = (expiration != null) ? SetArgs.Builder.pxAt(expiration.toEpochMilli()) : new SetArgs();
			Value value = entry.value();
			byte[] bytes = (value != null) ? value.bytes() : new byte[0];
			return commands.send(key, (server) -> server.set(key, bytes, replacing ? terms : terms.nx()))
				.thenApply((answer) -> answer != null);
		}
		List<byte[]> arguments = new ArrayList<>();
		arguments.add(RedisConnection.bytes(replacing ? "0" : "1"));
		arguments.add(RedisConnection.bytes((expiration != null) ? String.valueOf(expiration.toEpochMilli()) : ""));
		hash.forEach((name, value) -> {
			arguments.add(RedisConnection.bytes(String.valueOf(name)));
			arguments.add(RedisConnection.bytes(String.valueOf(value)));
		});
		return this.connection.run(commands, Script.WRITE_HASH, List.of(key), arguments)
			.thenApply((answer) -> Long.valueOf(1).equals(answer.get(0)));
	}

	private static CompletionStage<Boolean> thereIfBusy(CompletionStage<String> restored) {
		return restored.handle((answer, failure) -> {
			if (failure == null) {
				return CompletableFuture.completedFuture(true);
			}
			Throwable cause = RedisFailures.cause(failure);
			boolean there = cause instanceof RedisCommandExecutionException
					&& String.valueOf(cause.getMessage()).startsWith("BUSYKEY");
			return there ? CompletableFuture.completedFuture(false) : CompletableFuture.<Boolean>failedFuture(cause);
		}).thenCompose((result) -> result);
	}

}
