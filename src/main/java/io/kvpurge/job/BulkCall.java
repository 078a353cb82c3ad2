package io.kvpurge.job;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import io.kvpurge.ledger.KeyOutcome;
import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.StoreException;

/**
 * The bulk calls of a range, one after another: each is announced, sent, and settled, in
 * this order. Dying between any two of these leaves the call in doubt in the ledger, from
 * where {@link DoubtfulCalls} settles it. It is sent by another thread, so that the
 * range's own can go on meanwhile.
 */
final class BulkCall {

	private final BatchSender sender;

	private final CallOutcomes words;

	private final RangeWork work;

	private final DoubtfulCalls doubtful;

	private final @Nullable Long maxDeletes;

	private final Executor executor;

	/**
	 * @param words how the ledger names what became of keys
	 * @param maxDeletes how many keys the run may delete, null for any number
	 * @param executor sends
	 */
	BulkCall(BatchSender sender, CallOutcomes words, RangeWork work, DoubtfulCalls doubtful, @Nullable Long maxDeletes,
			Executor executor) {
		this.maxDeletes = maxDeletes;
		this.executor = executor;
		this.sender = sender;
		this.words = words;
		this.work = work;
		this.doubtful = doubtful;
	}

	/**
	 * Announces the entries of a batch, or the first of them if all would be more than
	 * the run may delete, and lets them be sent.
	 * @param within how long the call may be sent
	 * @return the call, which is to be settled before the next one is begun
	 * @throws io.kvpurge.ledger.LimitReachedException if no more may be deleted
	 */
	UnderWay begin(List<MatchedEntry> wanted, Duration within) {
		LedgerCall call = this.work.announce(wanted.stream().map(MatchedEntry::key).toList(), this.maxDeletes);
		List<MatchedEntry> batch = wanted.subList(0, call.keys().size());
		return new UnderWay(call, batch, batch.size() < wanted.size(),
				CompletableFuture.supplyAsync(() -> this.sender.send(call, batch, within), this.executor));
	}

	/**
	 * Waits for the end of a call and settles it. Where some of its keys were not dealt
	 * with for now, or perhaps not, or it had no place for all that was wanted, the range
	 * is rewound to before those.
	 * @return the result; its {@code undone} keys were given up after all retries
	 * @throws StoreException if nothing was deleted and launching again may help: the
	 * call is settled as such
	 */
	DeleteResult settle(UnderWay sent) {
		LedgerCall call = sent.call();
		List<MatchedEntry> batch = sent.batch();
		DeleteResult result = await(sent);
		if (!result.doubtful().isEmpty()) {
			this.doubtful.settle(this.work, call, known(result), batch);
		}
		else if (!result.undone().isEmpty()) {
			this.work.settleAndRewind(call, outcomes(call.keys(), result), batch);
		}
		else {
			this.work.settle(call, outcomes(call.keys(), result), batch);
			if (sent.cutShort()) {
				this.work.rewind();
			}
		}
		return result;
	}

	private DeleteResult await(UnderWay sent) {
		try {
			return sent.answer().join();
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof StoreException refusal) {
				// Certainly nothing was deleted: the call is settled as such before the
				// range fails.
				this.work.settleAndRewind(sent.call(),
						Collections.nCopies(sent.batch().size(), KeyOutcome.of(Outcome.LEFT)), sent.batch());
				throw refusal;
			}
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : ex;
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

	/**
	 * A call that is being sent.
	 *
	 * @param call as it was announced
	 * @param batch its entries
	 * @param cutShort whether it had no place for all that was wanted
	 * @param answer what became of it
	 */
	record UnderWay(LedgerCall call, List<MatchedEntry> batch, boolean cutShort,
			CompletableFuture<DeleteResult> answer) {

		boolean isAnswered() {
			return this.answer.isDone();
		}

	}

}
