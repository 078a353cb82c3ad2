package io.kvpurge.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Recomputes the hashes of a run from its rows and names the first place at which they do
 * not say what was written. Memory is constant in the number of calls.
 */
final class LedgerVerifier {

	private final PurgeRunTable runs;

	private final PurgeAttemptTable attempts;

	private final PurgeRangeTable ranges;

	private final PurgeCallTable calls;

	LedgerVerifier(PurgeRunTable runs, PurgeAttemptTable attempts, PurgeRangeTable ranges, PurgeCallTable calls) {
		this.runs = runs;
		this.attempts = attempts;
		this.ranges = ranges;
		this.calls = calls;
	}

	Verification verify(RunId id) {
		PurgeRun run;
		try {
			run = this.runs.find(id);
		}
		catch (IllegalArgumentException ex) {
			return new Verification(0, 0, "run " + id + ": cannot be read: " + ex.getMessage());
		}
		if (run == null) {
			return new Verification(0, 0, "there is no run " + id);
		}
		List<String> hashes = new ArrayList<>();
		long looked = 0;
		for (StoredRange range : this.ranges.all(id)) {
			RangeAudit audit = new RangeAudit(range);
			this.calls.each(id, range.number(), audit::check);
			looked += audit.chain.calls();
			String hash = CallHashes.range(range, audit.chain);
			String problem = audit.problem(run.seal() != null, hash);
			if (problem != null) {
				return new Verification(hashes.size() + 1, looked, problem);
			}
			hashes.add(hash);
		}
		return new Verification(hashes.size(), looked, sealProblem(run, hashes));
	}

	private @Nullable String sealProblem(PurgeRun run, List<String> hashes) {
		if (run.seal() == null) {
			return null;
		}
		String previous = this.runs.previousSeal(run.id());
		if (!CallHashes.seal(run, this.attempts.all(run.id()), previous, hashes).equals(run.seal())) {
			return "run " + run.id() + ": its row, its definition, its attempts or its ranges are not what was sealed";
		}
		if (previous != null && !this.runs.isSealOfAnother(run.id(), previous)) {
			return "run " + run.id() + ": the seal before it, " + previous + ", is that of no other run";
		}
		return null;
	}

	/** Follows the chain of one range. */
	private static final class RangeAudit {

		private final StoredRange range;

		private RangeChain chain;

		private long deleted;

		private long vanished;

		private long spared;

		private long refused;

		private @Nullable String problem;

		RangeAudit(StoredRange range) {
			this.range = range;
			this.chain = RangeChain.start(range.run(), range.number());
		}

		void check(StoredCall stored) {
			if (this.problem != null) {
				return;
			}
			String wrong;
			try {
				wrong = wrong(stored);
			}
			catch (IllegalArgumentException | JacksonException ex) {
				wrong = "cannot be read: " + ex.getMessage();
			}
			if (wrong != null) {
				this.problem = place() + ", call " + stored.sequence() + ": " + wrong;
				return;
			}
			this.deleted += stored.counts().allDeleted();
			this.vanished += stored.counts().vanished();
			this.spared += stored.counts().spared();
			this.refused += stored.counts().refused();
			this.chain = this.chain.and(stored.announcedHash(), stored.settledHash());
		}

		private @Nullable String wrong(StoredCall stored) {
			if (stored.sequence() != this.chain.calls() + 1) {
				return "call " + (this.chain.calls() + 1) + " before it is missing";
			}
			LedgerCall call = stored.call();
			String announced = CallHashes.announced(this.chain.lastAnnounced(), call.run(), call.range(),
					call.sequence(), call.attempt(), call.announcedAt(), call.keys());
			if (!announced.equals(call.announcedHash())) {
				return "its keys, or the call before it, are not what was announced";
			}
			if (stored.keyCount() != call.keys().size()) {
				return "its number of keys is not what was announced";
			}
			if (!settledHash(stored, announced)) {
				return "its outcomes are not what was settled";
			}
			return stored.counts().equals(OutcomeCounts.of(call.outcomes())) ? null
					: "its counts do not fit its outcomes";
		}

		private static boolean settledHash(StoredCall stored, String announced) {
			String outcomes = stored.outcomes();
			String reasons = stored.reasons();
			if (!stored.isSettled()) {
				return outcomes == null && reasons == null && stored.settledAt() == null
						&& stored.settledHash() == null;
			}
			return outcomes != null && reasons != null
					&& CallHashes.settled(announced, outcomes, reasons, stored.settledAt())
						.equals(stored.settledHash());
		}

		@Nullable String problem(boolean isSealed, String hash) {
			if (this.problem != null) {
				return this.problem;
			}
			if (isSealed && !Objects.equals(hash, this.range.sealedHash())) {
				return place() + ": its bounds, counts or calls are not what was sealed";
			}
			return countsFit() ? null : place() + ": its counts do not follow from its calls";
		}

		/**
		 * A key that was spared or refused behind the saved position is listed again, and
		 * may stand in two calls; one that is gone does not come back.
		 */
		private boolean countsFit() {
			EntryCounts counts = this.range.counts();
			return counts.deleted() == this.deleted && counts.vanished() == this.vanished
					&& counts.spared() <= this.spared && counts.refused() <= this.refused;
		}

		private String place() {
			return this.range.name() + " of run " + this.range.run();
		}

	}

}
