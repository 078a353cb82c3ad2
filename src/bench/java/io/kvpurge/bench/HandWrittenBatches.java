package io.kvpurge.bench;

import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The loop that one writes by hand: read 1,000 rows behind the last key, look at their
 * JSON, delete those that match, 1,000 keys a statement, each committed. Arguments: URL,
 * percent.
 */
public final class HandWrittenBatches {

	private static final int BATCH = 1_000;

	private static final JsonMapper JSON = JsonMapper.shared();

	private HandWrittenBatches() {
	}

	public static void main(String[] args) throws SQLException {
		long start = System.nanoTime();
		int percent = Integer.parseInt(args[1]);
		long deleted = 0;
		try (Connection connection = DriverManager.getConnection(args[0])) {
			List<String> matches = new ArrayList<>();
			String last = "";
			while (last != null) {
				last = page(connection, last, percent, matches);
				while (matches.size() >= BATCH || (last == null && !matches.isEmpty())) {
					List<String> batch = matches.subList(0, Math.min(BATCH, matches.size()));
					deleted += delete(connection, batch);
					batch.clear();
				}
			}
		}
		System.out.printf("deleted %d work %.3f%n", deleted, (System.nanoTime() - start) / 1e9);
	}

	/** The last key of a page, null if there is none. */
	private static @Nullable String page(Connection connection, String after, int percent, List<String> matches)
			throws SQLException {
		String last = null;
		try (PreparedStatement statement = connection
			.prepareStatement("select name, metadata from entries where name > ? order by name limit " + BATCH)) {
			statement.setString(1, after);
			try (ResultSet result = statement.executeQuery()) {
				while (result.next()) {
					last = result.getString(1);
					if (JSON.readTree(result.getString(2)).get("n").asInt() % 100 < percent) {
						matches.add(last);
					}
				}
			}
		}
		return last;
	}

	private static int delete(Connection connection, List<String> keys) throws SQLException {
		Array array = connection.createArrayOf("varchar", keys.toArray());
		try (PreparedStatement statement = connection.prepareStatement("delete from entries where name = any(?)")) {
			statement.setArray(1, array);
			return statement.executeUpdate();
		}
		finally {
			array.free();
		}
	}

}
