package io.kvpurge.job;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.store.Cursor;
import io.kvpurge.store.CursorRefusedException;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyLister;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;

/**
 * Finds keys by listing on to them: where many of a range's keys are wanted, in their
 * order, that takes fewer calls than to read each of them. It begins with the page on
 * which the keys before ended, so that nothing it gives is older than the asking. For
 * stores that list in the order of keys; confined to one thread.
 */
final class ListingOn {

	/** So many are listed before a delete: more would make it old before it is sent. */
	private static final int PAGES = 20;

	private final KeyLister lister;

	private final KeyRange range;

	private final int pageSize;

	private @Nullable Cursor page;

	/** The last key of the pages before, null if there is none. */
	private @Nullable Key passed;

	ListingOn(KeyLister lister, KeyRange range, int pageSize) {
		this.lister = lister;
		this.range = range;
		this.pageSize = pageSize;
	}

	/**
	 * The entries of those keys that are listed now.
	 * @param keys in ascending order; if they lie before those that were found last, the
	 * listing begins anew
	 */
	List<KeyEntry> find(List<Key> keys) {
		if (keys.isEmpty()) {
			return List.of();
		}
		if (this.passed != null && keys.get(0).compareTo(this.passed) <= 0) {
			beginAnew();
		}
		for (int refusals = 1;; refusals++) {
			try {
				return walk(new HashSet<>(keys), keys.get(keys.size() - 1));
			}
			catch (CursorRefusedException ex) {
				if (refusals == PageFetcher.REFUSALS) {
					throw ex;
				}
				beginAnew();
			}
		}
	}

	private void beginAnew() {
		this.page = null;
		this.passed = null;
	}

	private List<KeyEntry> walk(Set<Key> wanted, Key last) {
		List<KeyEntry> found = new ArrayList<>();
		while (true) {
			KeyPage listed = this.lister.list(this.range, new ListingPosition(this.page, null), this.pageSize);
			Key end = this.passed;
			for (KeyEntry entry : listed.entries()) {
				// A listing that goes on may repeat the end of the page before.
				if (wanted.remove(entry.key())) {
					found.add(entry);
				}
				end = entry.key();
			}
			if (listed.next() == null || (end != null && end.compareTo(last) >= 0)) {
				return found;
			}
			this.page = listed.next();
			this.passed = end;
		}
	}

	/**
	 * How many keys may be looked for together, so that what is found first is not old
	 * when the last is found; 0 if to read each of them takes fewer calls.
	 * @param counts of the range
	 */
	static int batchLimit(EntryCounts counts, int pageSize, StoreCapabilities capabilities) {
		if (counts.listed() == 0 || !capabilities.can(StoreCapability.ORDERED)
				|| !capabilities.can(StoreCapability.METADATA_IN_LISTING)) {
			return 0;
		}
		long keysInPages = (long) PAGES * pageSize * counts.matched() / counts.listed();
		int batch = (int) Math.min(keysInPages, capabilities.bulkLimit());
		if (batch == 0) {
			return 0;
		}
		long pages = counts.listed() / pageSize + counts.matched() / batch + 1;
		return (pages < counts.matched() / capabilities.readLimit()) ? batch : 0;
	}

}
