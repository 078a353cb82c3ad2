package io.kvpurge.job;

import io.kvpurge.ledger.RangeProgress;
import io.kvpurge.ledger.RunId;

/** Sees a worker work. Called by several threads; must not throw. */
public interface WorkerListener {

	/** Sees nothing. */
	WorkerListener NONE = new WorkerListener() {
	};

	/** It is connected, and takes ranges. */
	default void onReady(String worker) {
	}

	/** It works on a range. */
	default void onRange(RunId run, String range) {
	}

	/**
	 * It works on it no more.
	 * @param how in a few words
	 * @param progress how far the range has come, in all attempts
	 */
	default void onRangeEnd(RunId run, String range, String how, RangeProgress progress) {
	}

	/** It takes no ranges of a run, since it is not fit for them. */
	default void onParked(RunId run, String why) {
	}

}
