package io.kvpurge.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.kvpurge.filter.EntryFilter;
import io.kvpurge.filter.Verdict;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;

/**
 * Judges what was read once more right before its delete.
 *
 * @param filter the rule
 * @param comparing whether the store compares what it deletes with what was read
 * @param maxAge how long after the reading something may be sent, if it does not
 */
record SecondJudgement(EntryFilter filter, boolean comparing, Duration maxAge) {

	/** So many reads come before a delete: more would make it old before it is sent. */
	private static final int READS = 10;

	/** How many keys a batch may name that is read again before its delete. */
	static int batchLimit(StoreCapabilities capabilities) {
		int bulkLimit = capabilities.bulkLimit();
		return capabilities.can(StoreCapability.CONDITIONAL_DELETE) ? bulkLimit
				: (int) Math.min((long) READS * capabilities.readLimit(), bulkLimit);
	}

	/**
	 * How long something may be sent. What cannot be compared is as old as its second
	 * reading, however long ago it was listed.
	 * @param within how long it may be sent if it had not been read again
	 * @param begun when the reading began, by {@link System#nanoTime()}
	 */
	Duration left(Duration within, long begun) {
		Duration left = (this.comparing ? within : this.maxAge).minusNanos(System.nanoTime() - begun);
		return left.isNegative() ? Duration.ZERO : left;
	}

	Batch begin() {
		return new Batch(this, new ArrayList<>(), new ArrayList<>());
	}

	/**
	 * What stays of a batch.
	 *
	 * @param judgement by which it is judged
	 * @param vanished what was not there any more
	 * @param spared what was rewritten so that it does not match any more
	 */
	record Batch(SecondJudgement judgement, List<Key> vanished, List<Key> spared) {

		/** What shall go: the entry as it is now, null if it stays. */
		@Nullable KeyEntry judge(Key key, @Nullable KeyEntry now) {
			if (now == null) {
				this.vanished.add(key);
				return null;
			}
			if (this.judgement.filter().decide(now).verdict() != Verdict.MATCHED) {
				this.spared.add(key);
				return null;
			}
			return this.judgement.comparing() ? now : KeyEntry.of(key);
		}

		DeleteResult stayed() {
			return new DeleteResult(List.of(), this.vanished, this.spared, Map.of(), List.of(), List.of(), null);
		}

	}

}
