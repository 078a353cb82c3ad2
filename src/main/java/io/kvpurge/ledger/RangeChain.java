package io.kvpurge.ledger;

import org.jspecify.annotations.Nullable;

/**
 * What the seal says of a range's calls.
 *
 * @param calls how many there are
 * @param lastAnnounced the announced hash of the last one, or what stands before the
 * first
 * @param settledDigest a hash over their settled hashes, one after the other
 */
record RangeChain(long calls, String lastAnnounced, String settledDigest) {

	static RangeChain start(RunId run, int range) {
		return new RangeChain(0, CallHashes.start(run, range), LedgerHash.of("settled-chain").hex());
	}

	RangeChain and(String announcedHash, @Nullable String settledHash) {
		return new RangeChain(this.calls + 1, announcedHash,
				LedgerHash.of("settled-chain").add(this.settledDigest).add(settledHash).hex());
	}

}
