package io.kvpurge.job;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.KeyOutcome;
import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.store.Key;

/** Settles calls whose answer was lost, by looking and never by sending them again. */
final class DoubtfulCalls {

	private final Looking looking;

	private final Duration settleDelay;

	private final StopSignal stop;

	/**
	 * @param settleDelay how long after it was begun a call may still take effect
	 */
	DoubtfulCalls(Looking looking, Duration settleDelay, StopSignal stop) {
		this.looking = looking;
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
			Map<Key, Outcome> found = this.looking.look(work,
					calls.stream().flatMap((call) -> call.keys().stream()).toList());
			calls.forEach((call) -> work.settleAndRewind(call, outcomes(call.keys(), Map.of(), found), List.of()));
		}
	}

	/**
	 * Settles a call of this process of which some keys are in doubt, and rewinds the
	 * range; otherwise as {@link #settle(RangeWork)}.
	 * @param known what is known of the others: it is written down as it is, and not
	 * looked for
	 * @param batch its entries
	 */
	void settle(RangeWork work, LedgerCall call, Map<Key, KeyOutcome> known, List<MatchedEntry> batch) {
		work.rewind();
		if (await(this.settleDelay)) {
			List<Key> doubtful = call.keys().stream().filter((key) -> !known.containsKey(key)).toList();
			work.settleAndRewind(call, outcomes(call.keys(), known, this.looking.look(work, doubtful)), batch);
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

	private static List<KeyOutcome> outcomes(List<Key> keys, Map<Key, KeyOutcome> known, Map<Key, Outcome> found) {
		return keys.stream().map((key) -> {
			KeyOutcome outcome = known.get(key);
			return (outcome != null) ? outcome : KeyOutcome.of(found.getOrDefault(key, Outcome.LEFT));
		}).toList();
	}

}
