package io.kvpurge.job;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.kvpurge.backup.BackupException;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyLister;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.Unreadable;

/**
 * Lists what a run has deleted in one of its ranges, call by call: keys from the ledger,
 * and, where they are judged, the rest from the backup. A cursor is the place of a key
 * among those that a call has deleted: {@code SEQUENCE:INDEX}.
 */
final class DeletedEntries implements KeyLister {

	private static final Logger logger = LoggerFactory.getLogger(DeletedEntries.class);

	private final DeletionLedger ledger;

	private final RestoreSource source;

	private final int range;

	private final int calls;

	/** The one that was read last: pages may be smaller. */
	private @Nullable Deleted block;

	DeletedEntries(DeletionLedger ledger, RestoreSource source, int range) {
		this.ledger = ledger;
		this.source = source;
		this.range = range;
		this.calls = ledger.calls(source.run(), range);
	}

	@Override
	public List<KeyRange> split(List<Key> prefixes, int wanted) {
		throw new UnsupportedOperationException("a run has its ranges");
	}

	@Override
	public KeyPage list(KeyRange bounds, ListingPosition from, int limit) {
		CallPlace place = place(from);
		if (!has(place.sequence())) {
			return new KeyPage(List.of(), null);
		}
		List<Key> keys = deleted(place.sequence());
		CallPlace next = place.behind(keys, limit, this.source.step());
		return new KeyPage(entries(place.sequence(), place.page(keys, from.lastKey(), limit)),
				has(next.sequence()) ? next.cursor() : null);
	}

	/** Where a position is: the first call to look at, if it is at the start. */
	CallPlace place(ListingPosition position) {
		return (position.cursor() != null) ? CallPlace.of(position.cursor())
				: new CallPlace(this.source.overwrite() ? 1 : this.calls, 0);
	}

	/** Whether the range has such a call. */
	boolean has(int sequence) {
		return sequence >= 1 && sequence <= this.calls;
	}

	/** The keys that a call has deleted. */
	synchronized List<Key> deleted(int sequence) {
		Deleted known = this.block;
		if (known != null && known.sequence() == sequence) {
			return known.keys();
		}
		LedgerCall call = this.ledger.call(this.source.run(), this.range, sequence);
		// What had vanished before was not this run's doing.
		List<Key> keys = (call != null) ? call.keys(Outcome::isDeleted) : List.of();
		this.block = new Deleted(sequence, keys);
		return keys;
	}

	private List<KeyEntry> entries(int sequence, List<Key> keys) {
		if (!this.source.judged() || keys.isEmpty()) {
			return keys.stream().map(KeyEntry::of).toList();
		}
		Map<Key, KeyEntry> saved = new HashMap<>();
		try {
			Set<Key> wanted = Set.copyOf(keys);
			this.source.segment(this.range, sequence).forEach((entry) -> {
				if (wanted.contains(entry.key())) {
					saved.put(entry.key(), entry(entry));
				}
			});
		}
		catch (BackupException ex) {
			logger.warn("{}: nothing of it can be judged", ex.getMessage());
			saved.clear();
		}
		List<KeyEntry> entries = new ArrayList<>(keys.size());
		keys.forEach((key) -> entries.add(saved.getOrDefault(key, unreadable(key))));
		return entries;
	}

	private static KeyEntry entry(KeyValue saved) {
		return new KeyEntry(saved.key(), saved.metadata(), saved.expiration(), null);
	}

	private static KeyEntry unreadable(Key key) {
		return new KeyEntry(key, Metadata.of(Unreadable.VALUE), null, null);
	}

	private record Deleted(int sequence, List<Key> keys) {

	}

}
