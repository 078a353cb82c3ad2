package io.kvpurge.ledger;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Recomputes the hashes of a run that it is shown, and names the first place at which
 * they do not say what was written. Memory is constant in the number of calls.
 */
final class LedgerVerifier implements RunVisitor {

	private final List<String> hashes = new ArrayList<>();

	private @Nullable RecordedRun recorded;

	private @Nullable RangeAudit range;

	private int ranges;

	private long calls;

	private @Nullable String problem;

	@Override
	public void run(RecordedRun shown) {
		this.recorded = shown;
	}

	@Override
	public void range(StoredRange next) {
		endRange();
		if (this.problem == null) {
			this.ranges++;
			this.range = new RangeAudit(next);
		}
	}

	@Override
	public void call(StoredCall call) {
		if (this.range == null || this.problem != null) {
			return;
		}
		this.calls++;
		this.problem = this.range.check(call);
	}

	@Override
	public boolean wantsMore() {
		return this.problem == null;
	}

	/** What follows cannot be read; counts only if everything before it is intact. */
	void fail(String wrong) {
		if (this.problem == null) {
			this.problem = wrong;
		}
	}

	/** What was found, once everything was shown. */
	Verification verification() {
		endRange();
		RecordedRun shown = this.recorded;
		if (shown == null) {
			return new Verification(null, 0, 0, null, this.problem);
		}
		if (this.problem == null) {
			this.problem = sealProblem(shown);
		}
		return new Verification(shown.run(), this.ranges, this.calls, shown.previousSeal(), this.problem);
	}

	private void endRange() {
		if (this.range != null && this.recorded != null && this.problem == null) {
			PurgeRun run = this.recorded.run();
			this.problem = this.range.problem(run.seal() != null, run.prunedAt() != null);
			this.hashes.add(this.range.hash());
		}
		this.range = null;
	}

	private @Nullable String sealProblem(RecordedRun shown) {
		PurgeRun run = shown.run();
		if (run.seal() == null) {
			return (shown.previousSeal() == null && run.prunedAt() == null) ? null
					: "run " + run.id() + ": was pruned or names a seal before it, but has none of its own";
		}
		String seal = CallHashes.seal(run, shown.attempts(), shown.previousSeal(), this.hashes);
		return seal.equals(run.seal()) ? null
				: "run " + run.id() + ": its row, its definition, its attempts or its ranges are not what was sealed";
	}

}
