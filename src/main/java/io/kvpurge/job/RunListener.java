package io.kvpurge.job;

import java.util.List;

import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunTotals;
import io.kvpurge.report.RunReport;

/** Sees a run go on. Called by one thread at a time; must not throw. */
public interface RunListener {

	/** Sees nothing. */
	RunListener NONE = new RunListener() {
	};

	/**
	 * The run begins, or is carried on.
	 * @param run the run
	 * @param before what earlier attempts have done
	 */
	default void onStart(PurgeRun run, RunTotals before) {
	}

	/** Something that would make the run faster, one line. */
	default void onHint(String line) {
	}

	/** The keys were split into ranges, by this attempt or an earlier one. */
	default void onRanges(List<LedgerRange> ranges) {
	}

	/**
	 * About every second.
	 * @param totals what the ledger says now; no number ever falls
	 * @param pace how fast the run is
	 */
	default void onProgress(RunTotals totals, Pace pace) {
	}

	/**
	 * The attempt has ended and is written down; the ledger is open until this returns.
	 * @param report what the run did, in all its attempts
	 * @param pauses how often the store asked this attempt to wait
	 */
	default void onEnd(RunReport report, DeletionLedger ledger, long pauses) {
	}

}
