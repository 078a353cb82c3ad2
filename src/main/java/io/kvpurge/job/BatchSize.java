package io.kvpurge.job;

/**
 * How many keys a bulk call of one range names: as many as the store takes, fewer after
 * calls that were too much for it, and more again when calls go well. Confined to the
 * thread of the range.
 */
final class BatchSize {

	/** The smallest batch is that part of the largest. */
	private static final int PARTS = 32;

	private static final int GOOD_CALLS = 8;

	private final int largest;

	private final int smallest;

	private int size;

	private int good;

	BatchSize(int largest) {
		this.largest = largest;
		this.smallest = Math.max(1, largest / PARTS);
		this.size = largest;
	}

	int keys() {
		return this.size;
	}

	/**
	 * Takes half as many from now on.
	 * @return false if that is no less than before
	 */
	boolean halve() {
		int before = this.size;
		this.size = Math.max(this.smallest, this.size / 2);
		this.good = 0;
		return this.size < before;
	}

	/** After a call that went well: several of them in a row let it grow. */
	void grow() {
		if (++this.good >= GOOD_CALLS) {
			this.size = Math.min(this.largest, 2 * this.size);
			this.good = 0;
		}
	}

}
