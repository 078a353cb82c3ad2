package io.kvpurge.ledger;

/** What a run does with the keys that match. */
public enum RunMode {

	/** Deletes them. */
	PURGE,
	/** Counts them, and deletes nothing. */
	PLAN

}
