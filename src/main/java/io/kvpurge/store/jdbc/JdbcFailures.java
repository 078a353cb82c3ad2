package io.kvpurge.store.jdbc;

import java.sql.BatchUpdateException;
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

	/**
	 * Classes of states that concern a statement or a session as a whole: a smaller batch
	 * would fail the same way.
	 */
	private static final Set<String> WHOLE_STATEMENT = Set.of("", "08", "0A", "25", "26", "28", "3D", "3F", "40", "42",
			"53", "54", "55", "57", "58", "90", "F0", "HY", "XX");

	/** H2: a trigger failed. */
	private static final String H2_TRIGGER = "90044";

	/**
	 * Whether the database refused a row: by a constraint, or by a trigger, which may
	 * raise any state of its own.
	 */
	static boolean isRefusal(SQLException ex) {
		String state = state(ex);
		return state.equals(H2_TRIGGER)
				|| (!(ex instanceof java.sql.SQLTransientException) && !TRANSIENT.contains(state)
						&& !WHOLE_STATEMENT.contains(state.substring(0, Math.min(2, state.length()))));
	}

	/**
	 * Whether a commit that failed so may have been done all the same: the connection was
	 * lost, or the failure is not the database's considered answer.
	 */
	static boolean isDoubtful(SQLException ex) {
		String state = state(ex);
		return state.isEmpty() || isConnection(ex) || state.equals("40003")
				|| Set.of("58", "90", "XX").contains(state.substring(0, 2));
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
		// A batch's own message holds the statement with its values, the next one does
		// not.
		SQLException shown = (ex instanceof BatchUpdateException && ex.getNextException() != null)
				? ex.getNextException() : ex;
		String line = String.valueOf(shown.getMessage()).lines().findFirst().orElse("").strip();
		line = line.replaceFirst(";? SQL statement:$", "");
		return (line.length() <= LONGEST_LINE) ? line : line.substring(0, LONGEST_LINE) + "...";
	}

	private static String state(SQLException ex) {
		return (ex.getSQLState() != null) ? ex.getSQLState() : "";
	}

}
