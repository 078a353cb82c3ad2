package io.kvpurge.job;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.KeyOutcome;
import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyReader;

/**
 * Settles calls whose answer was lost, by looking and never by deleting again: that would
 * take keys that were rewritten since. What is gone was deleted by the call; what is
 * there will be listed and judged again.
 */
final class DoubtfulCalls {

	private final KeyReader store;

	private final Duration settleDelay;

	private final StopSignal stop;

	/**
	 * @param settleDelay how long after it was begun a call may still take effect
	 */
	DoubtfulCalls(KeyReader store, Duration settleDelay, StopSignal stop) {
		this.store = store;
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
		if (awaitEffect()) {
			calls.forEach((call) -> work.settleAndRewind(call, look(call.keys(), Map.of())));
		}
	}

	/**
	 * Settles a call of which some keys are in doubt, and rewinds the range; otherwise as
	 * {@link #settle(RangeWork)}.
	 * @param known what is known of the others: it is written down as it is, and not
	 * looked for
	 */
	void settle(RangeWork work, LedgerCall call, Map<Key, KeyOutcome> known) {
		work.rewind();
		if (awaitEffect()) {
			work.settleAndRewind(call, look(call.keys(), known));
		}
	}

	/**
	 * Waits until what was sent has taken effect: from now on, as the clock may have been
	 * set since the announcement, and its process may live on for as long as it believes
	 * in its ownership.
	 * @return false if a stop is requested
	 */
	private boolean awaitEffect() {
		if (this.settleDelay.isZero()) {
			return true;
		}
		try {
			this.stop.await(this.settleDelay.plus(DeletionLedger.PROOF_VALIDITY));
			return true;
		}
		catch (InterruptedException ex) {
			return false;
		}
	}

	private List<KeyOutcome> look(List<Key> keys, Map<Key, KeyOutcome> known) {
		List<Key> doubtful = keys.stream().filter((key) -> !known.containsKey(key)).toList();
		Set<Key> there = new HashSet<>();
		for (KeyEntry entry : this.store.find(doubtful)) {
			there.add(entry.key());
		}
		return keys.stream().map((key) -> {
			KeyOutcome outcome = known.get(key);
			return (outcome != null) ? outcome : KeyOutcome.of(there.contains(key) ? Outcome.LEFT : Outcome.INFERRED);
		}).toList();
	}

}
