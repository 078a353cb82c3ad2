package io.kvpurge.ledger;

/**
 * Is shown a run as it was written down, wherever that stands: first the run, then each
 * range by number, and behind each range its calls by sequence.
 */
interface RunVisitor {

	void run(RecordedRun recorded);

	void range(StoredRange range);

	/** A call of the range that was shown last. */
	void call(StoredCall call);

	/** Whether anything that follows may still matter. */
	default boolean wantsMore() {
		return true;
	}

}
