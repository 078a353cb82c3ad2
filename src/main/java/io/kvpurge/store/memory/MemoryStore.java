package io.kvpurge.store.memory;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Cursor;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Guarantee;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.StoredEntry;
import io.kvpurge.store.Value;
import io.kvpurge.store.Version;

/**
 * Keeps entries in a sorted map. It can do everything that a store may be able to, or
 * less where it is told so. Expired entries are neither listed nor found.
 */
public final class MemoryStore implements KeyValueStore {

	/** Everything that a store may be able to do. */
	public static final StoreCapabilities EVERYTHING = StoreCapabilities.of(1000, 1000, StoreCapability.values());

	private final String name;

	private final Clock clock;

	private final StoreCapabilities capabilities;

	private final ConcurrentNavigableMap<Key, Stored> entries = new ConcurrentSkipListMap<>();

	private final AtomicLong versions = new AtomicLong();

	/** A store that can do everything. */
	public MemoryStore(String name, Clock clock) {
		this(name, clock, EVERYTHING);
	}

	/** A store that can do no more than that. */
	public MemoryStore(String name, Clock clock, StoreCapabilities capabilities) {
		this.name = name;
		this.clock = clock;
		this.capabilities = capabilities;
	}

	@Override
	public String identity() {
		return "memory:" + this.name;
	}

	@Override
	public StoreCapabilities capabilities() {
		return this.capabilities;
	}

	@Override
	public List<KeyRange> split(List<Key> prefixes, int wanted) {
		List<KeyRange> ranges = new ArrayList<>();
		for (Key prefix : prefixes) {
			int parts = this.capabilities.can(StoreCapability.SPLITTABLE) ? Math.max(1, wanted / prefixes.size()) : 1;
			List<Key> keys = under(prefix);
			Key after = null;
			for (int part = 1; part < Math.min(parts, keys.size()); part++) {
				Key upTo = keys.get((int) ((long) keys.size() * part / parts));
				if (after == null || after.compareTo(upTo) < 0) {
					ranges.add(new KeyRange(prefix, after, upTo));
					after = upTo;
				}
			}
			ranges.add(new KeyRange(prefix, after, null));
		}
		return ranges;
	}

	private List<Key> under(Key prefix) {
		List<Key> keys = new ArrayList<>();
		for (Key key : this.entries.tailMap(prefix, true).keySet()) {
			if (!key.startsWith(prefix)) {
				break;
			}
			keys.add(key);
		}
		return keys;
	}

	@Override
	public KeyPage list(KeyRange range, ListingPosition from, int limit) {
		if (limit < 1 || limit > this.capabilities.pageLimit()) {
			throw new IllegalArgumentException("a page has 1 to " + this.capabilities.pageLimit() + " entries");
		}
		boolean metadata = this.capabilities.can(StoreCapability.METADATA_IN_LISTING);
		Instant now = this.clock.instant();
		List<KeyEntry> page = new ArrayList<>(Math.min(limit, 1024));
		int walked = 0;
		for (Map.Entry<Key, Stored> entry : behind(range, from).entrySet()) {
			Key key = entry.getKey();
			if (!key.startsWith(range.prefix()) || (range.upTo() != null && key.compareTo(range.upTo()) > 0)) {
				break;
			}
			if (!entry.getValue().isExpired(now)) {
				page.add(entry.getValue().entry(key, metadata));
			}
			if (++walked == limit) {
				// Expired entries are walked through too: a page may be short, or empty.
				return new KeyPage(page, new Cursor(key.base64()));
			}
		}
		return new KeyPage(page, null);
	}

	private NavigableMap<Key, Stored> behind(KeyRange range, ListingPosition from) {
		Key last = (from.cursor() != null) ? Key.ofBase64(from.cursor().value()) : null;
		if (this.capabilities.can(StoreCapability.RESUMABLE)) {
			last = later(last, from.lastKey());
		}
		last = later(last, range.after());
		return (last != null && last.compareTo(range.prefix()) >= 0) ? this.entries.tailMap(last, false)
				: this.entries.tailMap(range.prefix(), true);
	}

	private static @Nullable Key later(@Nullable Key one, @Nullable Key other) {
		if (one == null || other == null) {
			return (one != null) ? one : other;
		}
		return (one.compareTo(other) >= 0) ? one : other;
	}

	@Override
	public List<KeyEntry> find(Collection<Key> keys) {
		Instant now = this.clock.instant();
		List<KeyEntry> found = new ArrayList<>();
		for (Key key : keys) {
			Stored stored = this.entries.get(key);
			if (stored != null && !stored.isExpired(now)) {
				found.add(stored.entry(key, true));
			}
		}
		return found;
	}

	@Override
	public List<KeyValue> read(Collection<Key> keys) {
		Instant now = this.clock.instant();
		List<KeyValue> found = new ArrayList<>();
		for (Key key : keys) {
			Stored stored = this.entries.get(key);
			if (stored != null && !stored.isExpired(now)) {
				found.add(stored.value());
			}
		}
		return found;
	}

	@Override
	public List<StoredEntry> readStored(Collection<Key> keys) {
		Instant now = this.clock.instant();
		List<StoredEntry> found = new ArrayList<>();
		for (Key key : keys) {
			Stored stored = this.entries.get(key);
			if (stored != null && !stored.isExpired(now)) {
				found.add(new StoredEntry(stored.entry(key, true), stored.value()));
			}
		}
		return found;
	}

	@Override
	public List<Key> add(List<KeyValue> values) {
		requirePlace(values);
		Instant now = this.clock.instant();
		List<Key> there = new ArrayList<>();
		for (KeyValue value : values) {
			Stored added = new Stored(this.versions.incrementAndGet(), value);
			Stored kept = this.entries.compute(value.key(),
					(key, stored) -> (stored == null || stored.isExpired(now)) ? added : stored);
			if (kept.version() != added.version()) {
				there.add(value.key());
			}
		}
		return there;
	}

	private void requirePlace(List<KeyValue> values) {
		boolean keepsValues = this.capabilities.can(StoreCapability.VALUES);
		for (KeyValue value : values) {
			if (!keepsValues && value.value() != null) {
				throw new UnsupportedOperationException("this store keeps no values: write entries without");
			}
		}
	}

	@Override
	public void write(List<KeyValue> values) {
		requirePlace(values);
		for (KeyValue value : values) {
			this.entries.put(value.key(), new Stored(this.versions.incrementAndGet(), value));
		}
	}

	@Override
	public DeleteResult delete(List<KeyEntry> batch) {
		List<Key> deleted = new ArrayList<>(batch.size());
		List<Key> vanished = new ArrayList<>(0);
		List<Key> spared = new ArrayList<>(0);
		for (KeyEntry entry : batch) {
			switch (delete(entry)) {
				case DELETED -> deleted.add(entry.key());
				case VANISHED -> vanished.add(entry.key());
				case SPARED -> spared.add(entry.key());
			}
		}
		if (!this.capabilities.can(StoreCapability.TELLS_VANISHED)) {
			deleted.addAll(vanished);
			vanished.clear();
		}
		return new DeleteResult(deleted, vanished, spared, Map.of(), List.of(), List.of(), null);
	}

	private Fate delete(KeyEntry entry) {
		boolean compares = this.capabilities.guarantee() == Guarantee.COMPARE_AND_DELETE;
		Fate[] fate = { Fate.VANISHED };
		Instant now = this.clock.instant();
		this.entries.computeIfPresent(entry.key(), (key, stored) -> {
			if (stored.isExpired(now)) {
				return null;
			}
			boolean rewritten = compares && !new MemoryVersion(stored.version()).equals(entry.version());
			fate[0] = rewritten ? Fate.SPARED : Fate.DELETED;
			return rewritten ? stored : null;
		});
		return fate[0];
	}

	/**
	 * Everything that is there, expired or not, with its value: for tests and benchmarks.
	 */
	public Map<Key, @Nullable Value> snapshot() {
		Map<Key, @Nullable Value> all = new LinkedHashMap<>();
		this.entries.forEach((key, stored) -> all.put(key, stored.value().value()));
		return all;
	}

	/** The entries stay: whoever opens the store by this name again finds them. */
	@Override
	public void close() {
	}

	private enum Fate {

		DELETED, VANISHED, SPARED

	}

	private record MemoryVersion(long number) implements Version {

	}

	private record Stored(long version, KeyValue value) {

		boolean isExpired(Instant now) {
			Instant expiration = this.value.expiration();
			return expiration != null && !expiration.isAfter(now);
		}

		KeyEntry entry(Key key, boolean withMetadata) {
			return new KeyEntry(key, withMetadata ? this.value.metadata() : Metadata.ABSENT, this.value.expiration(),
					new MemoryVersion(this.version));
		}

	}

}
