package io.kvpurge.faults;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Where the ledger of a trial is. */
interface LedgerPlace {

	/** What it is called. */
	String database();

	/** The folder, or the URL of the database, that a child is told to use. */
	String home();

	/** What the ledger's URL begins with, and the store's does not. */
	String urlPrefix();

	/**
	 * A connection to look at what a child left, while there is none; looking changes
	 * nothing. Null if there is no ledger yet.
	 */
	Connection look() throws SQLException;

	/** Ends a look. */
	default void leave(Connection connection) throws SQLException {
		if (connection != null) {
			connection.close();
		}
	}

	/** What {@code audit --verify} finds wrong in the runs of the trial. */
	List<String> verify();

}
