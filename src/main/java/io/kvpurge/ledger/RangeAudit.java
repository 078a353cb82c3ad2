package io.kvpurge.ledger;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Follows the chain of one range. */
final class RangeAudit {

	private final StoredRange range;

	private RangeChain chain;

	private long deleted;

	private long vanished;

	private long spared;

	private long refused;

	RangeAudit(StoredRange range) {
		this.range = range;
		RangeChain pruned = range.prunedChain();
		this.chain = (pruned != null) ? pruned : RangeChain.start(range.run(), range.number());
	}

	/** Takes the next call; gives what is wrong with it, null if nothing is. */
	@Nullable String check(StoredCall stored) {
		String wrong;
		try {
			wrong = wrong(stored);
		}
		catch (IllegalArgumentException | JacksonException ex) {
			wrong = "cannot be read: " + ex.getMessage();
		}
		if (wrong != null) {
			return place() + ", call " + stored.sequence() + ": " + wrong;
		}
		this.deleted += stored.counts().allDeleted();
		this.vanished += stored.counts().vanished();
		this.spared += stored.counts().spared();
		this.refused += stored.counts().refused();
		this.chain = this.chain.and(stored.announcedHash(), stored.settledHash());
		return null;
	}

	private @Nullable String wrong(StoredCall stored) {
		if (this.range.prunedChain() != null) {
			return "is there, though the calls of the range were pruned";
		}
		if (stored.range() != this.range.number()) {
			return "belongs to range " + stored.range();
		}
		if (stored.sequence() != this.chain.calls() + 1) {
			return (stored.sequence() <= this.chain.calls()) ? "is there twice"
					: "call " + (this.chain.calls() + 1) + " before it is missing";
		}
		LedgerCall call = stored.call();
		String announced = CallHashes.announced(this.chain.lastAnnounced(), call.run(), call.range(), call.sequence(),
				call.attempt(), call.announcedAt(), call.keys());
		if (!announced.equals(call.announcedHash())) {
			return "its keys, or the call before it, are not what was announced";
		}
		if (stored.keyCount() != call.keys().size()) {
			return "its number of keys is not what was announced";
		}
		if (!settledHash(stored, announced)) {
			return "its outcomes are not what was settled";
		}
		return stored.counts().equals(OutcomeCounts.of(call.outcomes())) ? null : "its counts do not fit its outcomes";
	}

	private static boolean settledHash(StoredCall stored, String announced) {
		String outcomes = stored.outcomes();
		String reasons = stored.reasons();
		if (!stored.isSettled()) {
			return outcomes == null && reasons == null && stored.settledAt() == null && stored.settledHash() == null;
		}
		return outcomes != null && reasons != null
				&& CallHashes.settled(announced, outcomes, reasons, stored.settledAt()).equals(stored.settledHash());
	}

	/** What the seal of the run says of the range as it was shown. */
	String hash() {
		return CallHashes.range(this.range, this.chain);
	}

	/** What is wrong with the range once all its calls were taken, null if nothing is. */
	@Nullable String problem(boolean isSealed, boolean isPruned) {
		if (isPruned != (this.range.prunedChain() != null)) {
			return place() + (isPruned ? ": does not say what was pruned, but its run was"
					: ": says that its calls were pruned, but its run was not");
		}
		if (isSealed && !hash().equals(this.range.sealedHash())) {
			return place() + ": its bounds, counts or calls are not what was sealed";
		}
		if (!isSealed && this.range.sealedHash() != null) {
			return place() + ": is sealed, but its run is not";
		}
		return (isPruned || countsFit()) ? null : place() + ": its counts do not follow from its calls";
	}

	/**
	 * A key that was spared or refused behind the saved position is listed again, and may
	 * stand in two calls; one that is gone does not come back.
	 */
	private boolean countsFit() {
		EntryCounts counts = this.range.counts();
		return counts.deleted() == this.deleted && counts.vanished() == this.vanished && counts.spared() <= this.spared
				&& counts.refused() <= this.refused;
	}

	private String place() {
		return this.range.name() + " of run " + this.range.run();
	}

}
