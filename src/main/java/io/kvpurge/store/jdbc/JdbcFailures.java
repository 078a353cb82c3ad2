package io.kvpurge.store.jdbc;

import java.sql.SQLException;
import java.util.Set;

import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;

/** Tells what a database's failure means. */
final class JdbcFailures {

	/**
	 * States after which the same may succeed: deadlocks, time-outs, servers going down
	 * or coming up, too many connections.
	 */
	private static final Set<String> TRANSIENT = Set.of("40001", "40P01", "HYT00", "55P03", "57014", "57P01", "57P02",
			"57P03", "53300", "90131", "90067", "90098", "90121");

	private static final int LONGEST_LINE = 300;

	private JdbcFailures() {
	}

	/** Whether the database refused to change a row for the sake of another. */
	static boolean isConstraint(SQLException ex) {
		return state(ex).startsWith("23");
	}

	/** Whether the connection, and not the statement, failed. */
	static boolean isConnection(SQLException ex) {
		String state = state(ex);
		return state.startsWith("08") || state.startsWith("57P") || state.equals("90067") || state.equals("90098")
				|| state.equals("90121");
	}

	/** The failure in the port's words. */
	static StoreException translate(String what, SQLException ex) {
		String message = what + ": " + line(ex);
		if (ex instanceof java.sql.SQLTransientException || isConnection(ex) || TRANSIENT.contains(state(ex))) {
			return new TransientStoreException(message, ex, null);
		}
		return new StoreException(message, ex);
	}

	/** The message in one line. */
	static String line(SQLException ex) {
		String line = String.valueOf(ex.getMessage()).lines().findFirst().orElse("").strip();
		return (line.length() <= LONGEST_LINE) ? line : line.substring(0, LONGEST_LINE) + "...";
	}

	private static String state(SQLException ex) {
		return (ex.getSQLState() != null) ? ex.getSQLState() : "";
	}

}
