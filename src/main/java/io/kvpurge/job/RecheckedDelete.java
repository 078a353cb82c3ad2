package io.kvpurge.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.kvpurge.filter.EntryFilter;
import io.kvpurge.filter.Verdict;
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

	/** So many reads come before a delete: more would make it old before it is sent. */
	private static final int READS = 10;

	private final KeyReader reader;

	private final EntryFilter filter;

	private final BatchDeleter deleter;

	/** How long after the first read something may be sent. */
	private final Duration maxAge;

	RecheckedDelete(KeyReader reader, EntryFilter filter, BatchDeleter deleter, Duration maxAge) {
		this.reader = reader;
		this.filter = filter;
		this.deleter = deleter;
		this.maxAge = maxAge;
	}

	/** How many keys a batch may name. */
	static int batchLimit(int readLimit, int bulkLimit) {
		return (int) Math.min((long) READS * readLimit, bulkLimit);
	}

	/**
	 * Its entries are as old as their second reading, however long ago they were listed.
	 */
	@Override
	public DeleteResult delete(List<KeyEntry> entries, Duration within) {
		long begun = System.nanoTime();
		Map<Key, KeyEntry> found = new HashMap<>();
		this.reader.find(entries.stream().map(KeyEntry::key).toList())
			.forEach((entry) -> found.put(entry.key(), entry));
		List<Key> vanished = new ArrayList<>();
		List<Key> spared = new ArrayList<>();
		List<KeyEntry> matching = new ArrayList<>();
		for (KeyEntry listed : entries) {
			KeyEntry now = found.get(listed.key());
			if (now == null) {
				vanished.add(listed.key());
			}
			else if (this.filter.decide(now).verdict() == Verdict.MATCHED) {
				matching.add(now);
			}
			else {
				spared.add(listed.key());
			}
		}
		DeleteResult stayed = new DeleteResult(List.of(), vanished, spared, Map.of(), List.of(), List.of(), null);
		if (matching.isEmpty()) {
			return stayed;
		}
		Duration left = this.maxAge.minusNanos(System.nanoTime() - begun);
		return stayed.and(this.deleter.delete(matching, left.isNegative() ? Duration.ZERO : left));
	}

}
