package io.kvpurge.faults;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads a ledger with SQL, as docs/ledger.md describes it, and with no code of kvpurge.
 */
final class LedgerReading {

	private LedgerReading() {
	}

	/** Whether the tables are there: H2 takes one away while it alters it. */
	static boolean hasTables(Connection connection) throws SQLException {
		Set<String> found = new HashSet<>();
		try (ResultSet tables = connection.getMetaData()
			.getTables(null, null, null, new String[] { "TABLE", "BASE TABLE" })) {
			while (tables.next()) {
				found.add(tables.getString("TABLE_NAME").toLowerCase(Locale.ROOT));
			}
		}
		return found.containsAll(Set.of("purge_run", "purge_attempt", "purge_range", "purge_call"));
	}

	/** Every call of every run. */
	static List<Call> calls(Connection connection) throws SQLException {
		List<Call> calls = new ArrayList<>();
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery(
						"select range_no, sequence, state, keys_packed, outcomes from purge_call order by 1, 2")) {
			while (row.next()) {
				calls.add(new Call(row.getInt(1), row.getInt(2), row.getString(3).equals("SETTLED"),
						keys(row.getBytes(4)), outcomes(row.getString(5))));
			}
		}
		return calls;
	}

	private static List<String> keys(byte[] packed) {
		byte[] plain = inflate(packed);
		List<String> keys = new ArrayList<>();
		int[] place = { 0 };
		byte[] previous = {};
		while (place[0] < plain.length) {
			int shared = number(plain, place);
			int others = number(plain, place);
			byte[] key = new byte[shared + others];
			System.arraycopy(previous, 0, key, 0, shared);
			System.arraycopy(plain, place[0], key, shared, others);
			place[0] += others;
			keys.add(new String(key, StandardCharsets.UTF_8));
			previous = key;
		}
		return keys;
	}

	/** Groups of 7 bits, the lowest first. */
	private static int number(byte[] plain, int[] place) {
		int number = 0;
		int shift = 0;
		byte group;
		do {
			group = plain[place[0]++];
			number |= (group & 0x7f) << shift;
			shift += 7;
		}
		while (group < 0);
		return number;
	}

	private static byte[] inflate(byte[] packed) {
		Inflater inflater = new Inflater();
		try {
			inflater.setInput(packed);
			ByteArrayOutputStream plain = new ByteArrayOutputStream();
			byte[] buffer = new byte[4096];
			for (int count = inflater.inflate(buffer); count > 0; count = inflater.inflate(buffer)) {
				plain.write(buffer, 0, count);
			}
			return plain.toByteArray();
		}
		catch (DataFormatException ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			inflater.end();
		}
	}

	/** A letter for each key. */
	private static String outcomes(String runs) {
		if (runs == null) {
			return "";
		}
		StringBuilder letters = new StringBuilder();
		for (String run : runs.split(" ")) {
			int last = run.length() - 1;
			letters.append(run.substring(last).repeat(Integer.parseInt(run.substring(0, last))));
		}
		return letters.toString();
	}

	/**
	 * A row of purge_call.
	 *
	 * @param outcomes a letter for each key, none if the call is not settled
	 */
	record Call(int range, int sequence, boolean settled, List<String> keys, String outcomes) {

		/** The keys with one of these outcomes. */
		List<String> keys(String letters) {
			List<String> found = new ArrayList<>();
			for (int i = 0; i < this.outcomes.length(); i++) {
				if (letters.indexOf(this.outcomes.charAt(i)) >= 0) {
					found.add(this.keys.get(i));
				}
			}
			return found;
		}

	}

}
