package io.kvpurge.testkit;

import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.RateLimit;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreTerms;
import io.kvpurge.store.StoredEntry;

/** Hands everything on; a test overrides what shall happen otherwise. */
public class ForwardingKeyValueStore implements KeyValueStore {

	private final KeyValueStore store;

	private final StoreCapabilities capabilities;

	public ForwardingKeyValueStore(KeyValueStore store) {
		this(store, store.capabilities());
	}

	/** With other capabilities than the store has, such as smaller calls. */
	protected ForwardingKeyValueStore(KeyValueStore store, StoreCapabilities capabilities) {
		this.store = store;
		this.capabilities = capabilities;
	}

	@Override
	public List<KeyRange> split(List<Key> prefixes, int wanted) {
		return this.store.split(prefixes, wanted);
	}

	@Override
	public KeyPage list(KeyRange range, ListingPosition from, int limit) {
		return this.store.list(range, from, limit);
	}

	@Override
	public List<KeyEntry> find(Collection<Key> keys) {
		return this.store.find(keys);
	}

	@Override
	public List<KeyValue> read(Collection<Key> keys) {
		return this.store.read(keys);
	}

	@Override
	public List<StoredEntry> readStored(Collection<Key> keys) {
		return this.store.readStored(keys);
	}

	@Override
	public void write(List<KeyValue> entries) {
		this.store.write(entries);
	}

	@Override
	public List<Key> add(List<KeyValue> entries) {
		return this.store.add(entries);
	}

	@Override
	public DeleteResult delete(List<KeyEntry> entries) {
		return this.store.delete(entries);
	}

	@Override
	public String identity() {
		return this.store.identity();
	}

	@Override
	public StoreCapabilities capabilities() {
		return this.capabilities;
	}

	@Override
	public StoreTerms terms() {
		return this.store.terms();
	}

	@Override
	public @Nullable String strain() {
		return this.store.strain();
	}

	@Override
	public @Nullable RateLimit takeRateLimit() {
		return this.store.takeRateLimit();
	}

	@Override
	public void close() {
		this.store.close();
	}

}
