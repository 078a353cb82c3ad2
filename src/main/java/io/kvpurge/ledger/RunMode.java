package io.kvpurge.ledger;

/** What a run does with the keys that match. */
public enum RunMode {

	/** Deletes them. */
	PURGE,
	/** Writes them down, and deletes nothing. */
	PLAN,
	/** Deletes those of a plan that still match. */
	APPLY,
	/** Puts back what another run deleted. */
	RESTORE;

	/** Whether it deletes anything. */
	public boolean deletes() {
		return this == PURGE || this == APPLY;
	}

}
