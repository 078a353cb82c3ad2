package io.kvpurge.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;

/**
 * Reads entries once more right before their delete, and deletes those that still match.
 * What was rewritten so that it does not match any more is spared; what is not there any
 * more has vanished.
 */
final class RecheckedDelete implements BatchSender {

	private final Function<List<Key>, List<KeyEntry>> finder;

	private final SecondJudgement judgement;

	private final BatchSender deleter;

	/**
	 * @param finder gives the entries of those keys that are there now
	 */
	RecheckedDelete(Function<List<Key>, List<KeyEntry>> finder, SecondJudgement judgement, BatchSender deleter) {
		this.finder = finder;
		this.judgement = judgement;
		this.deleter = deleter;
	}

	@Override
	public DeleteResult send(LedgerCall call, List<MatchedEntry> entries, Duration within) {
		long begun = System.nanoTime();
		Map<Key, KeyEntry> found = new HashMap<>();
		this.finder.apply(call.keys()).forEach((entry) -> found.put(entry.key(), entry));
		SecondJudgement.Batch batch = this.judgement.begin();
		List<MatchedEntry> matching = new ArrayList<>();
		for (MatchedEntry listed : entries) {
			KeyEntry now = batch.judge(listed.key(), found.get(listed.key()));
			if (now != null) {
				matching.add(listed.as(now));
			}
		}
		return matching.isEmpty() ? batch.stayed()
				: batch.stayed().and(this.deleter.send(call, matching, this.judgement.left(within, begun)));
	}

}
