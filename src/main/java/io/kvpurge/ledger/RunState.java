package io.kvpurge.ledger;

/** How far a run has come. */
public enum RunState {

	/** Under way, or its process died: whoever owns the database can tell. */
	RUNNING,
	/** Stopped by request; can be carried on. */
	STOPPED,
	/** Ended by a failure; can be carried on. */
	FAILED,
	/** Done, and sealed. */
	COMPLETED,
	/** Given up for a newer run before it was done, and sealed. */
	SUPERSEDED;

	/** Whether a later launch may carry on with it. */
	public boolean isResumable() {
		return this == RUNNING || this == STOPPED || this == FAILED;
	}

}
