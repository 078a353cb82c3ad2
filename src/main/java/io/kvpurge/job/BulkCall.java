package io.kvpurge.job;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.kvpurge.ledger.KeyOutcome;
import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.StoreException;

/**
 * One bulk call of a range: announced, sent, settled, in this order. Dying between any
 * two of these leaves the call in doubt in the ledger, from where {@link DoubtfulCalls}
 * settles it.
 */
final class BulkCall {

	private final BatchSender sender;

	private final CallOutcomes words;

	private final RangeWork work;

	private final DoubtfulCalls doubtful;

	private final @Nullable Long maxDeletes;

	/**
	 * @param words how the ledger names what became of keys
	 * @param maxDeletes how many keys the run may delete, null for any number
	 */
	BulkCall(BatchSender sender, CallOutcomes words, RangeWork work, DoubtfulCalls doubtful,
			@Nullable Long maxDeletes) {
		this.maxDeletes = maxDeletes;
		this.sender = sender;
		this.words = words;
		this.work = work;
		this.doubtful = doubtful;
	}

	/**
	 * Sends the entries of a batch, or the first of them if all would be more than the
	 * run may delete. Where some of them were not dealt with for now, or perhaps not, the
	 * range is rewound to before those.
	 * @param within how long it may be sent
	 * @return the result; its {@code undone} keys were given up after all retries
	 * @throws io.kvpurge.ledger.LimitReachedException if no more may be deleted
	 * @throws StoreException if nothing was deleted and launching again may help
	 */
	DeleteResult send(List<MatchedEntry> wanted, Duration within) {
		LedgerCall call = this.work.announce(wanted.stream().map(MatchedEntry::key).toList(), this.maxDeletes);
		List<Key> keys = call.keys();
		List<MatchedEntry> batch = wanted.subList(0, keys.size());
		DeleteResult result = sendTo(call, batch, within);
		if (!result.doubtful().isEmpty()) {
			this.doubtful.settle(this.work, call, known(result), batch);
		}
		else if (!result.undone().isEmpty()) {
			this.work.settleAndRewind(call, outcomes(keys, result), batch);
		}
		else {
			this.work.settle(call, outcomes(keys, result), batch);
			if (batch.size() < wanted.size()) {
				this.work.rewind();
			}
		}
		return result;
	}

	private DeleteResult sendTo(LedgerCall call, List<MatchedEntry> batch, Duration within) {
		try {
			return this.sender.send(call, batch, within);
		}
		catch (StoreException ex) {
			// Certainly nothing was deleted: the call is settled as such before the range
			// fails.
			this.work.settleAndRewind(call, Collections.nCopies(batch.size(), KeyOutcome.of(Outcome.LEFT)), batch);
			throw ex;
		}
	}

	private List<KeyOutcome> outcomes(List<Key> keys, DeleteResult result) {
		if (result.deleted().size() == keys.size()) {
			return Collections.nCopies(keys.size(), KeyOutcome.of(this.words.done()));
		}
		Map<Key, KeyOutcome> known = known(result);
		return keys.stream().map((key) -> {
			KeyOutcome outcome = known.get(key);
			if (outcome == null) {
				throw new IllegalStateException("the store's answer does not speak of key " + key);
			}
			return outcome;
		}).toList();
	}

	/** What is certain of each key that is not in doubt. */
	private Map<Key, KeyOutcome> known(DeleteResult result) {
		Map<Key, KeyOutcome> known = new HashMap<>();
		result.deleted().forEach((key) -> known.put(key, KeyOutcome.of(this.words.done())));
		result.vanished().forEach((key) -> known.put(key, KeyOutcome.of(this.words.tooLate())));
		result.spared().forEach((key) -> known.put(key, KeyOutcome.of(this.words.spared())));
		result.undone().forEach((key) -> known.put(key, KeyOutcome.of(Outcome.LEFT)));
		result.refused().forEach((key, reason) -> known.put(key, new KeyOutcome(Outcome.REFUSED, reason)));
		return known;
	}

}
