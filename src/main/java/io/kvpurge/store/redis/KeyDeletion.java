package io.kvpurge.store.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import io.lettuce.core.api.async.RedisAsyncCommands;
import org.jspecify.annotations.Nullable;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;

/** Deletes keys by scripts of a few hundred keys each, all under way at once. */
final class KeyDeletion {

	/** So many keys of one script keep nobody waiting. */
	private static final int KEYS_AT_ONCE = 250;

	private static final String WHAT = "cannot delete";

	private final ServerConnection connection;

	private final KeyReading reading;

	KeyDeletion(ServerConnection connection, KeyReading reading) {
		this.connection = connection;
		this.reading = reading;
	}

	/**
	 * Deletes the entries: those with a version only if they still are as they were seen.
	 */
	DeleteResult delete(List<KeyEntry> entries) {
		RedisAsyncCommands<byte[], byte[]> commands;
		try {
			commands = this.connection.commands();
		}
		catch (TransientStoreException ex) {
			return DeleteResult.allUndone(entries.stream().map(KeyEntry::key).toList(), ex);
		}
		List<List<KeyEntry>> parts = new ArrayList<>();
		List<CompletableFuture<List<@Nullable Object>>> answers = new ArrayList<>();
		for (int start = 0; start < entries.size(); start += KEYS_AT_ONCE) {
			List<KeyEntry> part = entries.subList(start, Math.min(entries.size(), start + KEYS_AT_ONCE));
			parts.add(part);
			answers.add(send(commands, part));
		}
		DeleteResult result = DeleteResult.allDeleted(List.of());
		List<Key> deleted = new ArrayList<>(entries.size());
		for (int i = 0; i < parts.size(); i++) {
			DeleteResult part = result(parts.get(i), answers.get(i));
			if (part.deleted().size() == parts.get(i).size()) {
				deleted.addAll(part.deleted());
			}
			else {
				result = result.and(part);
			}
		}
		result = DeleteResult.allDeleted(deleted).and(result);
		StoreException cause = result.cause();
		if (cause != null && !(cause instanceof TransientStoreException) && result.undone().size() == entries.size()) {
			throw cause;
		}
		return result;
	}

	private CompletableFuture<List<@Nullable Object>> send(RedisAsyncCommands<byte[], byte[]> commands,
			List<KeyEntry> part) {
		List<byte[]> keys = part.stream().map((entry) -> entry.key().bytes()).toList();
		if (part.stream().noneMatch((entry) -> entry.version() instanceof SeenKey)) {
			return this.connection.run(commands, Script.DELETE, keys, List.of());
		}
		List<byte[]> arguments = new ArrayList<>(this.reading.arguments(false));
		for (KeyEntry entry : part) {
			SeenKey seen = (entry.version() instanceof SeenKey version) ? version : new SeenKey("", null, null);
			arguments.add(ServerConnection.bytes(seen.digest()));
			arguments.add(ServerConnection.bytes((seen.idle() != null) ? seen.idle().toString() : ""));
			arguments.add(ServerConnection.bytes((seen.freq() != null) ? seen.freq().toString() : ""));
		}
		return this.connection.run(commands, Script.COMPARE_AND_DELETE, keys, arguments);
	}

	private DeleteResult result(List<KeyEntry> part, CompletableFuture<List<@Nullable Object>> answer) {
		List<Key> keys = part.stream().map(KeyEntry::key).toList();
		try {
			return result(keys, this.connection.outcome(answer));
		}
		catch (ExecutionException ex) {
			Throwable failure = RedisFailures.cause(ex);
			StoreException cause = RedisFailures.translate(WHAT, failure);
			// A script that fails as a whole has not come to its first delete.
			return RedisFailures.isAnswer(failure) ? DeleteResult.allUndone(keys, cause)
					: DeleteResult.allDoubtful(keys, cause);
		}
	}

	private static DeleteResult result(List<Key> keys, List<@Nullable Object> fates) {
		List<Key> deleted = new ArrayList<>(keys.size());
		List<Key> vanished = new ArrayList<>(0);
		List<Key> spared = new ArrayList<>(0);
		List<Key> undone = new ArrayList<>(0);
		StoreException cause = null;
		for (int i = 0; i < keys.size(); i++) {
			Object fate = fates.get(i);
			if (fate instanceof Long number) {
				((number == 1) ? deleted : (number == 0) ? vanished : spared).add(keys.get(i));
			}
			else {
				undone.add(keys.get(i));
				cause = RedisFailures.answer(WHAT,
						(fate instanceof byte[] said) ? new String(said, StandardCharsets.UTF_8) : "no answer");
			}
		}
		return new DeleteResult(deleted, vanished, spared, Map.of(), undone, List.of(), cause);
	}

}
