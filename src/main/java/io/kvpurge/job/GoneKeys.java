package io.kvpurge.job;

import java.util.List;

import io.kvpurge.store.Key;

/**
 * What the store says of the keys that a run deleted.
 *
 * @param gone how many keys are gone by the ledger
 * @param there how many of them are in the store, again or still
 * @param sample some of these
 */
public record GoneKeys(long gone, long there, List<Key> sample) {

	public GoneKeys {
		sample = List.copyOf(sample);
	}

	/** In one line. */
	public String sentence() {
		return "of %,d keys that were deleted, %,d are in the store now".formatted(this.gone, this.there);
	}

}
