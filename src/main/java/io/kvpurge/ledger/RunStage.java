package io.kvpurge.ledger;

/** How far a run has come that finds everything before it deletes anything. */
public enum RunStage {

	/** Entries are listed and judged; what matches is written down. */
	FINDING,
	/** What was written down is read again, and deleted. */
	DELETING

}
