package io.kvpurge.ledger;

import org.jspecify.annotations.Nullable;

/**
 * What recomputing the hashes of a run found.
 *
 * @param run the run as it is written down, null if there is none that can be read
 * @param ranges how many ranges were looked at
 * @param calls how many calls were looked at
 * @param previousSeal the seal that the run says stands before its own, null for the
 * first
 * @param problem the first place at which the ledger is not what was written, and what is
 * wrong there; null if there is none
 */
public record Verification(@Nullable PurgeRun run, int ranges, long calls, @Nullable String previousSeal,
		@Nullable String problem) {

	public boolean isIntact() {
		return this.problem == null;
	}

	Verification withProblem(String wrong) {
		return new Verification(this.run, this.ranges, this.calls, this.previousSeal, wrong);
	}

}
