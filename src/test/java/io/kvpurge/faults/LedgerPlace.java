package io.kvpurge.faults;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/** Where the ledger of a trial is. */
interface LedgerPlace {

	/** The folder that a child is told to use. */
	Path home();

	/** What the ledger's URL begins with, and the store's does not. */
	String urlPrefix();

	/**
	 * A connection to look at what a child left, while there is none; looking changes
	 * nothing. Null if there is no ledger yet.
	 */
	Connection look() throws SQLException;

	/** What {@code audit --verify} says of the first run: null if all is well. */
	String verify();

}
