package io.kvpurge.job;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.kvpurge.backup.BackupException;
import io.kvpurge.backup.Segment;
import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyWriter;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;

/**
 * Puts saved entries back: reads them from the segments of the calls that deleted them,
 * and writes them page by page. What cannot be read back is refused.
 */
final class Restoring implements BatchSender {

	private final RestoreSource source;

	private final DeletedEntries deleted;

	private final int range;

	private final Putting putting;

	private final int bulkLimit;

	private final Duration shortestLife;

	private final Clock clock;

	/**
	 * @param range the number of the range, in the run that deleted as in this one
	 * @param putting writes
	 * @param bulkLimit how many entries it takes at once
	 * @param shortestLife how long an entry must live that it takes
	 */
	Restoring(RestoreSource source, DeletedEntries deleted, int range, Putting putting, int bulkLimit,
			Duration shortestLife, Clock clock) {
		this.source = source;
		this.deleted = deleted;
		this.range = range;
		this.putting = putting;
		this.bulkLimit = bulkLimit;
		this.shortestLife = shortestLife;
		this.clock = clock;
	}

	/** Leaves nothing as it is. */
	static Putting replacing(KeyWriter store) {
		return (entries) -> {
			store.write(entries);
			return List.of();
		};
	}

	@Override
	public DeleteResult send(LedgerCall call, List<MatchedEntry> entries, Duration within) {
		return restore(entries, within);
	}

	/** As {@link BatchSender#send}. */
	DeleteResult restore(List<MatchedEntry> entries, Duration within) {
		Map<Integer, Set<Key>> bySegment = new LinkedHashMap<>();
		for (MatchedEntry entry : entries) {
			bySegment
				.computeIfAbsent(this.deleted.place(entry.position()).sequence(), (sequence) -> new LinkedHashSet<>())
				.add(entry.key());
		}
		Batch batch = new Batch(System.nanoTime(), within);
		bySegment.forEach((sequence, keys) -> restore(this.source.segment(this.range, sequence), keys, batch));
		return batch.result();
	}

	private void restore(Segment segment, Set<Key> keys, Batch batch) {
		Set<Key> left = new LinkedHashSet<>(keys);
		try {
			segment.forEach((entry) -> {
				if (left.remove(entry.key())) {
					batch.add(entry);
				}
			});
			left.forEach((key) -> batch.refused.put(key, "it is not in backup segment " + segment.file()));
		}
		catch (BackupException ex) {
			left.forEach((key) -> batch.refused.put(key, String.valueOf(ex.getMessage())));
		}
		batch.pages.flush();
	}

	/** Writes entries, and gives the keys that were there and left. */
	@FunctionalInterface
	interface Putting {

		/**
		 * Writes.
		 * @throws UnsupportedOperationException if the store has no place for something
		 * @throws StoreException if it may have been written, or not
		 */
		List<Key> put(List<KeyValue> entries);

	}

	/** What became of the entries so far, and those that come next. */
	private final class Batch {

		private final long begun;

		private final Duration within;

		private final List<Key> restored = new ArrayList<>();

		private final List<Key> expired = new ArrayList<>();

		private final List<Key> existing = new ArrayList<>();

		private final Map<Key, String> refused = new HashMap<>();

		private final List<Key> undone = new ArrayList<>();

		private final List<Key> doubtful = new ArrayList<>();

		private @Nullable StoreException cause;

		private final ValuePages pages = new ValuePages(Restoring.this.bulkLimit, this::putInTime);

		Batch(long begun, Duration within) {
			this.begun = begun;
			this.within = within;
		}

		void add(KeyValue entry) {
			Instant expiration = entry.expiration();
			Instant now = Restoring.this.clock.instant();
			if (expiration != null && !expiration.isAfter(now)) {
				this.expired.add(entry.key());
				return;
			}
			if (expiration != null && expiration.isBefore(now.plus(Restoring.this.shortestLife))) {
				this.refused.put(entry.key(), "it expires on " + expiration + ", and the store takes nothing that lives"
						+ " for less than " + Restoring.this.shortestLife.toSeconds() + " seconds");
				return;
			}
			this.pages.add(entry);
		}

		private void putInTime(List<KeyValue> page) {
			if (this.cause == null && System.nanoTime() - this.begun > this.within.toNanos()) {
				this.cause = new TransientStoreException("no time was left to put entries back", null, null);
			}
			if (this.cause != null) {
				page.forEach((entry) -> this.undone.add(entry.key()));
			}
			else {
				put(page);
			}
		}

		private void put(List<KeyValue> entries) {
			try {
				Set<Key> there = Set.copyOf(Restoring.this.putting.put(entries));
				entries
					.forEach((entry) -> (there.contains(entry.key()) ? this.existing : this.restored).add(entry.key()));
			}
			catch (UnsupportedOperationException ex) {
				if (entries.size() == 1) {
					this.refused.put(entries.get(0).key(), String.valueOf(ex.getMessage()));
				}
				else {
					// One of them has no place; the others may have.
					entries.forEach((entry) -> put(List.of(entry)));
				}
			}
			catch (StoreException ex) {
				entries.forEach((entry) -> this.doubtful.add(entry.key()));
				this.cause = ex;
			}
		}

		DeleteResult result() {
			return new DeleteResult(this.restored, this.expired, this.existing, this.refused, this.undone,
					this.doubtful, this.cause);
		}

	}

}
