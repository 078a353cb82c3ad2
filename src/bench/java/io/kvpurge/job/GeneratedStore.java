package io.kvpurge.job;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Cursor;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.testkit.ForwardingKeyValueStore;

/**
 * As many entries as one likes, made when they are listed and forgotten: it holds none.
 * Pages of 1,000, deletes of 10,000. Keys end in 16 digits that cannot be guessed from
 * the key before. What was deleted is counted, and would be listed again.
 */
final class GeneratedStore extends ForwardingKeyValueStore {

	private static final String PREFIX = "key/";

	private static final int DIGITS = 12;

	private final long size;

	private final AtomicLong deleted = new AtomicLong();

	private final AtomicLong calls = new AtomicLong();

	GeneratedStore(long size) {
		super(new MemoryStore("generated", Clock.systemUTC(),
				StoreCapabilities.of(1000, 10_000, StoreCapability.METADATA_IN_LISTING, StoreCapability.SPLITTABLE,
						StoreCapability.ORDERED, StoreCapability.RESUMABLE, StoreCapability.CONDITIONAL_DELETE,
						StoreCapability.TELLS_VANISHED)));
		this.size = size;
	}

	long deleted() {
		return this.deleted.get();
	}

	long calls() {
		return this.calls.get();
	}

	@Override
	public List<KeyRange> split(List<Key> prefixes, int wanted) {
		Key prefix = Key.of(PREFIX);
		List<KeyRange> ranges = new ArrayList<>();
		for (int i = 0; i < wanted; i++) {
			ranges.add(new KeyRange(prefix, (i > 0) ? key(this.size * i / wanted) : null,
					(i < wanted - 1) ? key(this.size * (i + 1) / wanted) : null));
		}
		return ranges;
	}

	@Override
	public KeyPage list(KeyRange range, ListingPosition from, int limit) {
		this.calls.incrementAndGet();
		long begin = Math.max(behind(range.after()), behind(from.lastKey()));
		Cursor cursor = from.cursor();
		if (cursor != null) {
			begin = Math.max(begin, Long.parseLong(cursor.value()));
		}
		long rangeEnd = (range.upTo() != null) ? behind(range.upTo()) : this.size;
		long end = Math.min(rangeEnd, begin + limit);
		List<KeyEntry> entries = new ArrayList<>(limit);
		for (long i = begin; i < end; i++) {
			entries.add(new KeyEntry(key(i), Metadata.of(Map.of("n", i, "build", "v" + i % 7)), null, null));
		}
		return new KeyPage(entries, (end < rangeEnd) ? new Cursor(String.valueOf(end)) : null);
	}

	private static Key key(long number) {
		// As in SplitMix64.
		long mixed = (number ^ (number >>> 30)) * 0xbf58476d1ce4e5b9L;
		mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
		String digits = String.valueOf(number);
		return Key
			.of(PREFIX + "0".repeat(DIGITS - digits.length()) + digits + "/" + Long.toHexString(mixed ^ (mixed >>> 31)));
	}

	private static long behind(@Nullable Key key) {
		return (key != null) ? Long.parseLong(key.text().substring(PREFIX.length(), PREFIX.length() + DIGITS)) + 1 : 0;
	}

	@Override
	public DeleteResult delete(List<KeyEntry> entries) {
		this.calls.incrementAndGet();
		this.deleted.addAndGet(entries.size());
		return DeleteResult.allDeleted(entries.stream().map(KeyEntry::key).toList());
	}

}
