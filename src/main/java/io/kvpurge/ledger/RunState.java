package io.kvpurge.ledger;

/** How far a run has come. */
public enum RunState {

	/** Under way, or its process died: whoever owns the database can tell. */
	RUNNING,
	/** Stopped by request; can be carried on. */
	STOPPED,
	/** Ended with its window; can be carried on, and is by the next launch. */
	PAUSED,
	/** Ended by a guard or a limit; can be carried on once a person has decided. */
	BLOCKED,
	/** Ended by a failure; can be carried on. */
	FAILED,
	/** Done, and sealed. */
	COMPLETED,
	/** Given up for a newer run before it was done, and sealed. */
	SUPERSEDED;

	/** Whether a later launch may carry on with it. */
	public boolean isResumable() {
		return this != COMPLETED && this != SUPERSEDED;
	}

}
