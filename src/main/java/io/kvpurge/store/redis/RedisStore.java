package io.kvpurge.store.redis;

import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletionStage;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.api.async.RedisAsyncCommands;
import org.jspecify.annotations.Nullable;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.StoredEntry;

/** A database of a Redis server as a store. Keys are listed by SCAN, in no order. */
final class RedisStore implements KeyValueStore {

	private static final int PAGE_LIMIT = 5_000;

	private static final int BULK_LIMIT = 5_000;

	/** Of keys alone, more fit into memory, and into a call of the ledger. */
	private static final int BULK_LIMIT_OF_KEYS = 10_000;

	private static final int MARGIN = 32;

	private static final String WHAT = "cannot list";

	private final ServerConnection connection;

	private final ServerAddress address;

	private final Reading reading;

	private final KeyReading keys;

	private final StoreCapabilities capabilities;

	private final @Nullable ReplicaWait replicas;

	private final @Nullable LatencyWatch latency;

	RedisStore(ServerConnection connection, ServerAddress address, Reading reading, ServerFacts facts,
			Duration requestTimeout, @Nullable ReplicaWait replicas, @Nullable LatencyWatch latency) {
		this.replicas = replicas;
		this.latency = latency;
		this.connection = connection;
		this.address = address;
		this.reading = reading;
		this.keys = new KeyReading(connection, reading, facts);
		EnumSet<StoreCapability> abilities = EnumSet.of(StoreCapability.METADATA_IN_LISTING,
				StoreCapability.TELLS_VANISHED, StoreCapability.VALUES, StoreCapability.CONDITIONAL_WRITE);
		if (reading.isMoreThanKeys()) {
			abilities.add(StoreCapability.CONDITIONAL_DELETE);
		}
		int bulkLimit = reading.isMoreThanKeys() ? BULK_LIMIT : BULK_LIMIT_OF_KEYS;
		this.capabilities = new StoreCapabilities(PAGE_LIMIT, bulkLimit, BULK_LIMIT, Integer.MAX_VALUE, requestTimeout,
				abilities);
	}

	@Override
	public String identity() {
		return this.address.identity();
	}

	@Override
	public StoreCapabilities capabilities() {
		return this.capabilities;
	}

	/** One range for each prefix: SCAN goes through all keys, whatever it looks for. */
	@Override
	public List<KeyRange> split(List<Key> prefixes, int wanted) {
		return prefixes.stream().map(KeyRange::of).toList();
	}

	/**
	 * SCAN may give more keys than it was asked for. Those that the caller has no place
	 * for are on the next page, which asks for the same part once more and goes on behind
	 * the last key that was shown. If the part has changed its bounds meanwhile, since
	 * the server has made its table larger or smaller, it is shown from its beginning.
	 */
	@Override
	public KeyPage list(KeyRange range, ListingPosition from, int limit) {
		if (limit < 1 || limit > PAGE_LIMIT) {
			throw new IllegalArgumentException("a page has 1 to " + PAGE_LIMIT + " entries");
		}
		RedisAsyncCommands<byte[], byte[]> commands = this.connection.commands();
		// Over one connection: the server that says who it is is the one that lists.
		CompletionStage<String> info = commands.info("server");
		ScanCursor cursor = (from.cursor() != null) ? ScanCursor.parse(from.cursor()) : ScanCursor.start("");
		CompletionStage<KeyScanCursor<byte[]>> scanned = commands.scan(io.lettuce.core.ScanCursor.of(cursor.scan()),
				arguments(range.prefix(), limit));
		String runId = ServerFacts.parse(this.connection.await("cannot ask the server who it is", info)).runId();
		KeyScanCursor<byte[]> part = this.connection.await(WHAT, scanned);
		if (from.cursor() != null && !runId.equals(cursor.runId())) {
			// Started again, the server sorts its keys otherwise: the cursor is nowhere.
			return list(range, ListingPosition.START, limit);
		}
		return page(range, new ScanCursor(runId, cursor.scan(), cursor.next(), cursor.after()), part, limit);
	}

	private KeyPage page(KeyRange range, ScanCursor cursor, KeyScanCursor<byte[]> part, int limit) {
		boolean samePart = part.getCursor().equals(cursor.next());
		Key after = samePart ? cursor.after() : null;
		List<Key> shown = part.getKeys()
			.stream()
			.map(Key::of)
			.filter((key) -> key.startsWith(range.prefix()) && (after == null || key.compareTo(after) > 0))
			.sorted()
			.distinct()
			.toList();
		if (shown.size() > limit) {
			ScanCursor rest = new ScanCursor(cursor.runId(), cursor.scan(), part.getCursor(), shown.get(limit - 1));
			return new KeyPage(entries(shown.subList(0, limit)), rest.cursor());
		}
		return new KeyPage(entries(shown),
				part.isFinished() ? null : new ScanCursor(cursor.runId(), part.getCursor(), null, null).cursor());
	}

	private List<KeyEntry> entries(Collection<Key> shown) {
		return this.reading.isMoreThanKeys() ? this.keys.entries(shown) : shown.stream().map(KeyEntry::of).toList();
	}

	private static ScanArgs arguments(Key prefix, int limit) {
		// SCAN stops at the first place of its table behind so many keys: seldom then are
		// there more than the caller wants.
		ScanArgs arguments = ScanArgs.Builder.limit((limit > 2 * MARGIN) ? limit - MARGIN : limit);
		return (prefix.length() > 0) ? arguments.match(GlobPattern.of(prefix)) : arguments;
	}

	@Override
	public List<KeyEntry> find(Collection<Key> wanted) {
		return this.keys.entries(wanted);
	}

	@Override
	public List<KeyValue> read(Collection<Key> wanted) {
		return this.keys.values(wanted);
	}

	@Override
	public List<StoredEntry> readStored(Collection<Key> wanted) {
		return this.keys.stored(wanted);
	}

	@Override
	public void write(List<KeyValue> entries) {
		new EntryWriting(this.connection).write(entries, true);
	}

	@Override
	public List<Key> add(List<KeyValue> entries) {
		return new EntryWriting(this.connection).write(entries, false);
	}

	@Override
	public DeleteResult delete(List<KeyEntry> entries) {
		DeleteResult result = new KeyDeletion(this.connection, this.keys).delete(entries);
		return (this.replicas != null) ? this.replicas.confirm(result) : result;
	}

	@Override
	public @Nullable String strain() {
		return (this.latency != null) ? this.latency.strain() : null;
	}

	@Override
	public void close() {
		if (this.latency != null) {
			this.latency.close();
		}
		this.connection.close();
	}

}
