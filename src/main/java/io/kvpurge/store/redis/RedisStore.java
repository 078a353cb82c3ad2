package io.kvpurge.store.redis;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyLister;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.StoredEntry;

/**
 * A database of a Redis server, or a Redis Cluster, as a store. Keys are listed by SCAN,
 * in no order.
 */
final class RedisStore implements KeyValueStore {

	static final String LISTING = "cannot list";

	private static final int PAGE_LIMIT = 5_000;

	private static final int BULK_LIMIT = 5_000;

	/** Of keys alone, more fit into memory, and into a call of the ledger. */
	private static final int BULK_LIMIT_OF_KEYS = 10_000;

	private final Client client;

	private final RedisConnection connection;

	private final StoreAddress address;

	private final KeyReading keys;

	private final KeyLister listing;

	private final KeyDeletion deletion;

	private final StoreCapabilities capabilities;

	private final @Nullable ReplicaWait replicas;

	private final @Nullable LatencyWatch latency;

	/**
	 * @param client is closed with the store
	 * @param connection leads to what the address names
	 * @param replicas waits for them after each delete, null for nobody
	 * @param latency says when the server is slow, null for nobody; is closed with the
	 * store
	 */
	RedisStore(Client client, RedisConnection connection, StoreAddress address, Reading reading,
			@Nullable ReplicaWait replicas, @Nullable LatencyWatch latency) {
		this.replicas = replicas;
		this.latency = latency;
		this.client = client;
		this.connection = connection;
		this.address = address;
		this.keys = new KeyReading(connection, reading, connection.facts());
		this.deletion = new KeyDeletion(connection, this.keys);
		EnumSet<StoreCapability> abilities = EnumSet.of(StoreCapability.METADATA_IN_LISTING,
				StoreCapability.TELLS_VANISHED, StoreCapability.VALUES, StoreCapability.CONDITIONAL_WRITE);
		if (reading.isMoreThanKeys()) {
			abilities.add(StoreCapability.CONDITIONAL_DELETE);
		}
		if (connection instanceof ClusterConnection cluster) {
			abilities.add(StoreCapability.SPLITTABLE);
			this.listing = new ClusterListing(cluster, this.keys);
		}
		else {
			this.listing = new ServerListing((ServerConnection) connection, this.keys);
		}
		int bulkLimit = reading.isMoreThanKeys() ? BULK_LIMIT : BULK_LIMIT_OF_KEYS;
		this.capabilities = new StoreCapabilities(PAGE_LIMIT, bulkLimit, BULK_LIMIT, Integer.MAX_VALUE,
				client.timeout(), abilities);
	}

	@Override
	public String identity() {
		return this.address.identity();
	}

	@Override
	public StoreCapabilities capabilities() {
		return this.capabilities;
	}

	@Override
	public List<KeyRange> split(List<Key> prefixes, int wanted) {
		return this.listing.split(prefixes, wanted);
	}

	@Override
	public KeyPage list(KeyRange range, ListingPosition from, int limit) {
		if (limit < 1 || limit > PAGE_LIMIT) {
			throw new IllegalArgumentException("a page has 1 to " + PAGE_LIMIT + " entries");
		}
		return this.listing.list(range, from, limit);
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
		return (this.replicas != null) ? this.replicas.confirm(() -> this.deletion.delete(entries))
				: this.deletion.delete(entries);
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
		this.client.close();
	}

}
