package io.kvpurge.ledger;

import io.kvpurge.store.KeyRange;

/**
 * A range of a run.
 *
 * @param run the run
 * @param number counted from 1
 * @param bounds its keys
 * @param progress how far it has come
 */
public record LedgerRange(RunId run, int number, KeyRange bounds, RangeProgress progress) {

	/** The name of its partition: {@code range-00017}. */
	public String name() {
		return name(this.number);
	}

	/** The name of the partition of this range. */
	public static String name(int number) {
		return "range-%05d".formatted(number);
	}

}
