package io.kvpurge.faults;

/** A moment in the life of a run at which its process may be killed. */
enum Point {

	/** A call is about to be announced. */
	BEFORE_ANNOUNCE,
	/** A call is announced, and not sent. */
	AFTER_ANNOUNCE,
	/** The store has deleted half of a call. */
	MID_DELETE,
	/** The store has answered, and nothing of it is written down. */
	AFTER_DELETE,
	/** The outcome is written, and not committed. */
	IN_SETTLE,
	/** The outcome is committed, and the framework has not yet written its own. */
	AFTER_SETTLE,
	/** On a restart: a step's execution is there, and its context is not. */
	RESTART_SPLITTER,
	/** The ranges are being written, or were written this moment. */
	SPLIT_STEP,
	/** The run is being sealed, or was sealed this moment. */
	SEAL_STEP,
	/** Any statement, commit or call to the store, before or after it. */
	ANY

}
