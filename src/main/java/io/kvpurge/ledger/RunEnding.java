package io.kvpurge.ledger;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Ends attempts and seals runs, within a transaction of the caller. */
final class RunEnding {

	private final PurgeRunTable runs;

	private final PurgeAttemptTable attempts;

	private final PurgeRangeTable ranges;

	private final PurgeCallTable calls;

	RunEnding(PurgeRunTable runs, PurgeAttemptTable attempts, PurgeRangeTable ranges, PurgeCallTable calls) {
		this.runs = runs;
		this.attempts = attempts;
		this.ranges = ranges;
		this.calls = calls;
	}

	/** See {@link DeletionLedger#end}. */
	void end(RunFence fence, RunState state, String reason, Instant at) {
		if (!state.isResumable() || state == RunState.RUNNING) {
			throw new IllegalArgumentException(state + " ends no attempt");
		}
		this.runs.end(ended(fence, state, reason, at), null, null);
	}

	/** See {@link DeletionLedger#seal}. */
	String seal(RunFence fence, RunState state, String reason, Instant at) {
		if (state.isResumable()) {
			throw new IllegalArgumentException(state + " is not sealed");
		}
		this.runs.lock(fence.run().definition());
		PurgeRun ended = ended(fence, state, reason, at);
		List<String> hashes = new ArrayList<>();
		for (StoredRange range : this.ranges.all(ended.id())) {
			String hash = CallHashes.range(range, this.calls.chain(ended.id(), range.number()));
			this.ranges.seal(range, hash);
			hashes.add(hash);
		}
		String previous = this.runs.lastSeal(ended.id().definition());
		String seal = CallHashes.seal(ended, this.attempts.all(ended.id()), previous, hashes);
		this.runs.end(ended, previous, seal);
		return seal;
	}

	private PurgeRun ended(RunFence fence, RunState state, String reason, Instant at) {
		PurgeRun ended = this.runs.owned(fence).ended(state, oneLine(reason), at);
		this.attempts.end(ended.id(), state, ended.reason(), at);
		return ended;
	}

	/** As every database can keep it, so that it is read back as it was hashed. */
	private static String oneLine(String reason) {
		String encodable = new String(reason.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
		return encodable.replaceAll("\\p{Cntrl}+", " ").strip();
	}

}
