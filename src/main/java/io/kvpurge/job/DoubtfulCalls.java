package io.kvpurge.job;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.KeyOutcome;
import io.kvpurge.ledger.LedgerCall;
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
 * Settles calls whose answer was lost, by looking and never by deleting again: that would
 * take keys that were rewritten since. What is gone was deleted by the call; what is
 * there will be listed and judged again.
 */
final class DoubtfulCalls {

	private final KeyValueStore store;

	private final Duration settleDelay;

	private final boolean listing;

	private final StopSignal stop;

	/**
	 * @param settleDelay how long after it was begun a call may still take effect
	 * @param listing whether the position of a range is one of the store's listing
	 */
	DoubtfulCalls(KeyValueStore store, Duration settleDelay, boolean listing, StopSignal stop) {
		this.store = store;
		this.listing = listing;
		this.settleDelay = settleDelay;
		this.stop = stop;
	}

	/**
	 * Settles every call of the range that is in doubt, and rewinds the range if there
	 * was one. After a failure, and when a stop is requested meanwhile, the calls that
	 * were not looked into are in doubt as before, and the range is rewound all the same.
	 * @throws io.kvpurge.store.StoreException if the store cannot be read
	 */
	void settle(RangeWork work) {
		List<LedgerCall> calls = work.unsettled();
		if (calls.isEmpty()) {
			return;
		}
		work.rewind();
		// Whoever sent them may live on for as long as it believes in its ownership.
		if (await(this.settleDelay.plus(DeletionLedger.PROOF_VALIDITY))) {
			Set<Key> there = there(work, calls.stream().flatMap((call) -> call.keys().stream()).toList());
			calls.forEach((call) -> work.settleAndRewind(call, outcomes(call.keys(), Map.of(), there)));
		}
	}

	/**
	 * Settles a call of this process of which some keys are in doubt, and rewinds the
	 * range; otherwise as {@link #settle(RangeWork)}.
	 * @param known what is known of the others: it is written down as it is, and not
	 * looked for
	 */
	void settle(RangeWork work, LedgerCall call, Map<Key, KeyOutcome> known) {
		work.rewind();
		if (await(this.settleDelay)) {
			List<Key> doubtful = call.keys().stream().filter((key) -> !known.containsKey(key)).toList();
			work.settleAndRewind(call, outcomes(call.keys(), known, there(work, doubtful)));
		}
	}

	/**
	 * Waits until what was sent has taken effect: from now on, as the clock may have been
	 * set since the announcement.
	 * @return false if a stop is requested
	 */
	private boolean await(Duration duration) {
		if (this.settleDelay.isZero()) {
			return true;
		}
		try {
			this.stop.await(duration);
			return true;
		}
		catch (InterruptedException ex) {
			return false;
		}
	}

	private static List<KeyOutcome> outcomes(List<Key> keys, Map<Key, KeyOutcome> known, Set<Key> there) {
		return keys.stream().map((key) -> {
			KeyOutcome outcome = known.get(key);
			return (outcome != null) ? outcome : KeyOutcome.of(there.contains(key) ? Outcome.LEFT : Outcome.INFERRED);
		}).toList();
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
				if (DoubtfulCalls.this.stop.isRequested()) {
					throw new TransientStoreException("stopped while looking for keys in doubt", null, null);
				}
				KeyPage page = DoubtfulCalls.this.store.list(this.work.bounds(), position, this.pageLimit);
				List<KeyEntry> entries = page.entries();
				entries.stream().map(KeyEntry::key).filter(this.wanted::contains).forEach(this.there::add);
				boolean passed = !entries.isEmpty() && entries.get(entries.size() - 1).key().compareTo(this.last) >= 0;
				position = (page.next() != null && !passed) ? ListingPosition.at(page.next()) : null;
			}
		}

	}

}
