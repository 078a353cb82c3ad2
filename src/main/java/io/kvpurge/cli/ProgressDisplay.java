package io.kvpurge.cli;

import io.kvpurge.job.Pace;
import io.kvpurge.ledger.RunTotals;

/** Shows numbers that only grow. */
interface ProgressDisplay extends AutoCloseable {

	/** Shows nothing. */
	ProgressDisplay NONE = (totals, pace) -> {
	};

	void show(RunTotals totals, Pace pace);

	/** Nothing is shown any more. */
	@Override
	default void close() {
	}

}
