package io.kvpurge.cli;

import io.kvpurge.ledger.RunTotals;

/** Shows numbers that only grow. */
interface ProgressDisplay extends AutoCloseable {

	/** Shows nothing. */
	ProgressDisplay NONE = (totals) -> {
	};

	void show(RunTotals totals);

	/** Nothing is shown any more. */
	@Override
	default void close() {
	}

}
