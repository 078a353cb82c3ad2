package io.kvpurge.faults;

/** What goes wrong in a child that nobody kills. */
enum Fault {

	NONE,
	/** The store fails by chance in every way that it may. */
	STORE,
	/** The store lists some keys twice, as a hash table does that grows meanwhile. */
	LISTS_TWICE,
	/** The store takes its time for each call. */
	SLOW,
	/** The ledger's database refuses a commit. */
	COMMIT_REFUSED,
	/** The ledger's database commits, and the answer is lost. */
	COMMIT_UNCERTAIN,
	/** The ledger loses a connection. */
	CONNECTION_LOST,
	/**
	 * The store's server ends all sessions while the store is slow: done by the parent.
	 */
	SESSIONS_ENDED

}
