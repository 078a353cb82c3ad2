package io.kvpurge.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyReader;

/**
 * Reads entries once more right before their delete, and deletes those that still match.
 * What was rewritten so that it does not match any more is spared; what is not there any
 * more has vanished.
 */
final class RecheckedDelete implements BatchDeleter {

	private final KeyReader reader;

	private final SecondJudgement judgement;

	private final BatchDeleter deleter;

	RecheckedDelete(KeyReader reader, SecondJudgement judgement, BatchDeleter deleter) {
		this.reader = reader;
		this.judgement = judgement;
		this.deleter = deleter;
	}

	@Override
	public DeleteResult delete(int call, List<KeyEntry> entries, Duration within) {
		long begun = System.nanoTime();
		Map<Key, KeyEntry> found = new HashMap<>();
		this.reader.find(entries.stream().map(KeyEntry::key).toList())
			.forEach((entry) -> found.put(entry.key(), entry));
		SecondJudgement.Batch batch = this.judgement.begin();
		List<KeyEntry> matching = new ArrayList<>();
		for (KeyEntry listed : entries) {
			KeyEntry now = batch.judge(listed.key(), found.get(listed.key()));
			if (now != null) {
				matching.add(now);
			}
		}
		return matching.isEmpty() ? batch.stayed()
				: batch.stayed().and(this.deleter.delete(call, matching, this.judgement.left(within, begun)));
	}

}
