package io.kvpurge.ledger;

import org.jspecify.annotations.Nullable;

/**
 * What recomputing the hashes of a run found.
 *
 * @param ranges how many ranges were looked at
 * @param calls how many calls were looked at
 * @param problem the first place at which the ledger is not what was written, and what is
 * wrong there; null if there is none
 */
public record Verification(int ranges, long calls, @Nullable String problem) {

	public boolean isIntact() {
		return this.problem == null;
	}

}
