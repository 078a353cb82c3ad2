package io.kvpurge.job;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.kvpurge.ledger.Outcome;
import io.kvpurge.store.CursorRefusedException;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.TransientStoreException;

/**
 * Looks whether keys are gone: what is gone was deleted by the call; what is there will
 * be listed and judged again. Deleting again would take keys that were rewritten since.
 */
final class LookingForGone implements Looking {

	private final KeyValueStore store;

	private final boolean listing;

	private final StopSignal stop;

	/**
	 * @param listing whether the position of a range is one of the store's listing
	 */
	LookingForGone(KeyValueStore store, boolean listing, StopSignal stop) {
		this.store = store;
		this.listing = listing;
		this.stop = stop;
	}

	@Override
	public Map<Key, Outcome> look(RangeWork work, List<Key> doubtful) {
		Set<Key> there = there(work, doubtful);
		Map<Key, Outcome> found = new HashMap<>();
		doubtful.forEach((key) -> found.put(key, there.contains(key) ? Outcome.LEFT : Outcome.INFERRED));
		return found;
	}

	private Set<Key> there(RangeWork work, List<Key> doubtful) {
		StoreCapabilities capabilities = this.store.capabilities();
		// A page shows more keys than a call can ask for where reads are small.
		boolean lists = this.listing && capabilities.can(StoreCapability.ORDERED)
				&& capabilities.readLimit() < Math.min(doubtful.size(), capabilities.pageLimit());
		if (lists) {
			return new Lookup(work, doubtful, capabilities.pageLimit()).listed();
		}
		Set<Key> there = new HashSet<>();
		for (KeyEntry entry : this.store.find(doubtful)) {
			there.add(entry.key());
		}
		return there;
	}

	/** Looks for keys by listing the range from its saved position. */
	private final class Lookup {

		private final RangeWork work;

		private final Set<Key> wanted;

		private final Key last;

		private final int pageLimit;

		private final Set<Key> there = new HashSet<>();

		Lookup(RangeWork work, Collection<Key> wanted, int pageLimit) {
			this.work = work;
			this.wanted = Set.copyOf(wanted);
			this.last = Collections.max(wanted);
			this.pageLimit = pageLimit;
		}

		Set<Key> listed() {
			try {
				walk(this.work.saved().position());
			}
			catch (CursorRefusedException ex) {
				walk(ListingPosition.START);
			}
			return this.there;
		}

		private void walk(ListingPosition from) {
			@Nullable ListingPosition position = from;
			while (position != null) {
				if (LookingForGone.this.stop.isRequested()) {
					throw new TransientStoreException("stopped while looking for keys in doubt", null, null);
				}
				KeyPage page = LookingForGone.this.store.list(this.work.bounds(), position, this.pageLimit);
				List<KeyEntry> entries = page.entries();
				entries.stream().map(KeyEntry::key).filter(this.wanted::contains).forEach(this.there::add);
				boolean passed = !entries.isEmpty() && entries.get(entries.size() - 1).key().compareTo(this.last) >= 0;
				position = (page.next() != null && !passed) ? ListingPosition.at(page.next()) : null;
			}
		}

	}

}
