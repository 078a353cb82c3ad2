package io.kvpurge.store.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;

/**
 * Deletes keys by scripts of a few hundred keys each, all under way at once. Shared by
 * all threads.
 */
final class KeyDeletion {

	/** So many keys of one script keep nobody waiting. */
	private static final int KEYS_AT_ONCE = 500;

	/** The same, where each is looked at first. */
	private static final int COMPARED_AT_ONCE = 250;

	private static final String WHAT = "cannot delete";

	private final RedisConnection connection;

	private final KeyReading reading;

	/**
	 * Whether each key is sent by a command of its own: since a key was forbidden to the
	 * user, as the server runs no script that names such a key.
	 */
	private volatile boolean oneByOne;

	KeyDeletion(RedisConnection connection, KeyReading reading) {
		this.connection = connection;
		this.reading = reading;
	}

	/**
	 * Deletes the entries: those with a version only if they still are as they were seen.
	 * Those that are forbidden to the user are refused; where a script named some, its
	 * keys are undone, and are told apart when they are sent again.
	 */
	DeleteResult delete(List<KeyEntry> entries) {
		KeyCommands commands;
		try {
			commands = this.connection.commands();
		}
		catch (TransientStoreException ex) {
			return DeleteResult.allUndone(entries.stream().map(KeyEntry::key).toList(), ex);
		}
		List<List<KeyEntry>> parts = new ArrayList<>();
		List<CompletableFuture<List<@Nullable Object>>> answers = new ArrayList<>();
		boolean compared = entries.stream().anyMatch((entry) -> entry.version() instanceof SeenKey);
		int atOnce = this.oneByOne ? 1 : this.connection.keysAtOnce(compared ? COMPARED_AT_ONCE : KEYS_AT_ONCE);
		for (int start = 0; start < entries.size(); start += atOnce) {
			List<KeyEntry> part = entries.subList(start, Math.min(entries.size(), start + atOnce));
			parts.add(part);
			answers.add(send(commands, part));
		}
		Tally tally = new Tally();
		for (int i = 0; i < parts.size(); i++) {
			add(tally, parts.get(i), answers.get(i));
		}
		DeleteResult result = tally.result();
		StoreException cause = result.cause();
		if (tally.suspect) {
			// A server that deletes no more may be a primary no more.
			this.connection.doubt();
		}
		if (cause != null && !(cause instanceof TransientStoreException) && result.undone().size() == entries.size()) {
			throw cause;
		}
		return result;
	}

	private CompletableFuture<List<@Nullable Object>> send(KeyCommands commands, List<KeyEntry> part) {
		List<byte[]> keys = part.stream().map((entry) -> entry.key().bytes()).toList();
		if (part.stream().noneMatch((entry) -> entry.version() instanceof SeenKey)) {
			return (keys.size() > 1) ? this.connection.run(commands, Script.DELETE, keys, List.of())
					: commands.send(keys.get(0), (server) -> server.unlink(keys.get(0)))
						.<List<@Nullable Object>>thenApply(List::of)
						.toCompletableFuture();
		}
		List<byte[]> arguments = new ArrayList<>(this.reading.arguments(false));
		for (KeyEntry entry : part) {
			SeenKey seen = (entry.version() instanceof SeenKey version) ? version : new SeenKey("", null, null);
			arguments.add(RedisConnection.bytes(seen.digest()));
			arguments.add(RedisConnection.bytes((seen.idle() != null) ? seen.idle().toString() : ""));
			arguments.add(RedisConnection.bytes((seen.freq() != null) ? seen.freq().toString() : ""));
		}
		return this.connection.run(commands, Script.COMPARE_AND_DELETE, keys, arguments);
	}

	private void add(Tally tally, List<KeyEntry> part, CompletableFuture<List<@Nullable Object>> answer) {
		List<Key> keys = part.stream().map(KeyEntry::key).toList();
		try {
			tally.add(keys, this.connection.outcome(answer));
		}
		catch (ExecutionException ex) {
			Throwable failure = RedisFailures.cause(ex);
			if (RedisFailures.isForbiddenKey(failure)) {
				addForbidden(tally, keys, String.valueOf(failure.getMessage()));
				return;
			}
			tally.fail(RedisFailures.translate(WHAT, failure));
			// A script that fails as a whole has not come to its first delete.
			boolean isUndone = RedisFailures.isAnswer(failure) || failure instanceof StoreException;
			(isUndone ? tally.undone : tally.doubtful).addAll(keys);
		}
	}

	private void addForbidden(Tally tally, List<Key> keys, String said) {
		if (keys.size() == 1) {
			tally.refused.put(keys.get(0), said);
			return;
		}
		this.oneByOne = true;
		tally.undone.addAll(keys);
		tally.cause = new TransientStoreException(WHAT + " some of the keys: " + said, null, null);
	}

	/** What became of keys. */
	private static final class Tally {

		private final List<Key> deleted = new ArrayList<>();

		private final List<Key> vanished = new ArrayList<>();

		private final List<Key> spared = new ArrayList<>();

		private final Map<Key, String> refused = new LinkedHashMap<>();

		private final List<Key> undone = new ArrayList<>();

		private final List<Key> doubtful = new ArrayList<>();

		private @Nullable StoreException cause;

		/** Whether the server did not do what it should. */
		private boolean suspect;

		void fail(StoreException failure) {
			this.cause = failure;
			this.suspect = true;
		}

		void add(List<Key> keys, List<@Nullable Object> fates) {
			if (fates.size() == 1 && fates.get(0) instanceof Long number && number == keys.size()) {
				this.deleted.addAll(keys); // at once
				return;
			}
			for (int i = 0; i < keys.size(); i++) {
				Object fate = fates.get(i);
				if (fate instanceof Long number) {
					((number == 1) ? this.deleted : (number == 0) ? this.vanished : this.spared).add(keys.get(i));
				}
				else {
					this.undone.add(keys.get(i));
					fail(RedisFailures.answer(WHAT,
							(fate instanceof byte[] said) ? new String(said, StandardCharsets.UTF_8) : "no answer"));
				}
			}
		}

		DeleteResult result() {
			return new DeleteResult(this.deleted, this.vanished, this.spared, this.refused, this.undone, this.doubtful,
					this.cause);
		}

	}

}
