package io.kvpurge.ledger;

import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;

/**
 * Writes ranges and their calls for the owner of their run, within a transaction of the
 * caller. Each method throws {@link FencedException} before it writes anything if the run
 * has another owner, or the range is somebody else's.
 */
final class RangeWriting {

	private final PurgeRunTable runs;

	private final PurgeRangeTable ranges;

	private final PurgeCallTable calls;

	private final @Nullable OwnerProof proof;

	private final Clock clock;

	RangeWriting(PurgeRunTable runs, PurgeRangeTable ranges, PurgeCallTable calls, @Nullable OwnerProof proof,
			Clock clock) {
		this.runs = runs;
		this.ranges = ranges;
		this.calls = calls;
		this.proof = proof;
		this.clock = clock;
	}

	/** See {@link DeletionLedger#saveRanges}. */
	List<LedgerRange> saveRanges(RunFence fence, List<KeyRange> bounds) {
		this.runs.owned(fence);
		if (this.ranges.all(fence.run()).isEmpty()) {
			for (int i = 0; i < bounds.size(); i++) {
				this.ranges.insert(fence.run(), i + 1, bounds.get(i));
			}
		}
		return this.ranges.shown(fence.run());
	}

	/** See {@link DeletionLedger#announce(RunFence, int, List, Long)}. */
	LedgerCall announce(RunFence fence, int range, List<Key> keys, @Nullable Long maxDeletes) {
		if (keys.isEmpty()) {
			throw new IllegalArgumentException("a call has at least one key");
		}
		// Locked before it is counted, so that no two announcements take the same rest.
		long left = (maxDeletes != null) ? maxDeletes - this.runs.lockAndCountDeletes(fence.run()) : keys.size();
		PurgeRun run = owned(fence, range);
		if (maxDeletes != null && left <= 0) {
			throw new LimitReachedException(fence.run(), maxDeletes);
		}
		return insert(run, range, keys.subList(0, (int) Math.min(left, keys.size())));
	}

	/** See {@link DeletionLedger#plan}. */
	void plan(RunFence fence, int range, List<Key> keys, RangeProgress progress) {
		PurgeRun run = owned(fence, range);
		if (!keys.isEmpty()) {
			LedgerCall call = insert(run, range, keys);
			this.calls.settle(call, Collections.nCopies(keys.size(), KeyOutcome.of(Outcome.PLANNED)),
					this.clock.instant());
		}
		this.ranges.update(fence.run(), range, progress);
	}

	/** See {@link DeletionLedger#settle}. */
	void settle(RunFence fence, LedgerCall call, List<KeyOutcome> outcomes, RangeProgress progress, Instant at) {
		if (!call.run().equals(fence.run())) {
			throw new IllegalArgumentException("a call of run " + call.run() + " under the fence of " + fence.run());
		}
		if (outcomes.size() != call.keys().size()) {
			throw new IllegalArgumentException(
					outcomes.size() + " outcomes for a call of " + call.keys().size() + " keys");
		}
		owned(fence, call.range());
		if (!this.calls.settle(call, outcomes, at)) {
			throw new IllegalStateException("call " + call.sequence() + " of range " + call.range() + " of run "
					+ call.run() + " is settled already");
		}
		this.ranges.update(fence.run(), call.range(), progress);
	}

	/** See {@link DeletionLedger#save}. */
	void save(RunFence fence, int range, RangeProgress progress) {
		owned(fence, range);
		this.ranges.update(fence.run(), range, progress);
	}

	private PurgeRun owned(RunFence fence, int range) {
		PurgeRun run = this.runs.owned(fence);
		if (this.proof != null) {
			this.proof.require(fence, range);
		}
		return run;
	}

	private LedgerCall insert(PurgeRun run, int range, List<Key> keys) {
		// Read each time: after a commit whose outcome was lost, nobody else knows it.
		PurgeCallTable.Link last = this.calls.last(run.id(), range);
		int sequence = last.sequence() + 1;
		Instant announcedAt = this.clock.instant();
		String hash = CallHashes.announced(last.announcedHash(), run.id(), range, sequence, run.attempts(), announcedAt,
				keys);
		LedgerCall call = new LedgerCall(run.id(), range, sequence, run.attempts(), keys, announcedAt, null, List.of(),
				hash, null);
		this.calls.insert(call);
		return call;
	}

}
