package io.kvpurge.job;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.ledger.RunId;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyLister;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.ListingPosition;

/**
 * Lists the keys of one range of a plan from the ledger, in the order of the plan, in
 * place of what the store has. Entries are keys only: what they are now is seen when they
 * are judged again. A cursor is the place of a key: {@code SEQUENCE:INDEX}.
 */
final class PlannedKeys implements KeyLister {

	private static final CallPlace FIRST = new CallPlace(1, 0);

	private final DeletionLedger ledger;

	private final RunId plan;

	private final int range;

	/** The one that was read last: pages may be smaller. */
	private @Nullable LedgerCall block;

	PlannedKeys(DeletionLedger ledger, RunId plan, int range) {
		this.ledger = ledger;
		this.plan = plan;
		this.range = range;
	}

	@Override
	public List<KeyRange> split(List<Key> prefixes, int wanted) {
		throw new UnsupportedOperationException("a plan has its ranges");
	}

	@Override
	public KeyPage list(KeyRange bounds, ListingPosition from, int limit) {
		CallPlace place = (from.cursor() != null) ? CallPlace.of(from.cursor()) : FIRST;
		LedgerCall planned = block(place.sequence());
		if (planned == null) {
			return new KeyPage(List.of(), null);
		}
		List<Key> keys = planned.keys();
		CallPlace next = place.behind(keys, limit, 1);
		boolean last = next.index() == 0 && block(next.sequence()) == null;
		return new KeyPage(place.page(keys, from.lastKey(), limit).stream().map(KeyEntry::of).toList(),
				last ? null : next.cursor());
	}

	private synchronized @Nullable LedgerCall block(int sequence) {
		LedgerCall known = this.block;
		if (known != null && known.sequence() == sequence) {
			return known;
		}
		LedgerCall found = this.ledger.call(this.plan, this.range, sequence);
		// Behind what a run has found, its own deletes stand.
		this.block = (found != null && found.isPlanned()) ? found : null;
		return this.block;
	}

}
