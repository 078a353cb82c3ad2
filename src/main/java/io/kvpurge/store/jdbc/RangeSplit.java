package io.kvpurge.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;

/**
 * Cuts the keys of a table into ranges, by quantiles of the keys that are there, found by
 * walking the key's index once.
 */
final class RangeSplit {

	/** Below so many keys a range is not worth its while. */
	private static final int SMALLEST_RANGE = 2_000;

	private final Dialect dialect;

	private final JdbcTable table;

	RangeSplit(Dialect dialect, JdbcTable table) {
		this.dialect = dialect;
		this.table = table;
	}

	/**
	 * Cuts what begins with each of the prefixes.
	 * @param wanted how many ranges there shall be in all; one for each prefix at least
	 */
	List<KeyRange> split(Connection connection, List<Key> prefixes, int wanted) throws SQLException {
		// Counting a large table may take longer than an answer to anything else.
		connection.setNetworkTimeout(Runnable::run, 0);
		List<Long> counts = new ArrayList<>();
		for (Key prefix : prefixes) {
			counts.add(this.table.mayHold(prefix) ? count(connection, KeyRange.of(prefix)) : 0L);
		}
		long all = Math.max(1, counts.stream().mapToLong(Long::longValue).sum());
		List<KeyRange> ranges = new ArrayList<>();
		for (int i = 0; i < prefixes.size(); i++) {
			long parts = Math.min(Math.round((double) wanted * counts.get(i) / all), counts.get(i) / SMALLEST_RANGE);
			ranges.addAll(split(connection, prefixes.get(i), counts.get(i), (int) Math.max(1, parts)));
		}
		return ranges;
	}

	private List<KeyRange> split(Connection connection, Key prefix, long count, int parts) throws SQLException {
		List<KeyRange> ranges = new ArrayList<>();
		Key after = null;
		for (int part = 1; part < parts; part++) {
			long step = count * part / parts - count * (part - 1) / parts;
			Key upTo = keyBehind(connection, new KeyRange(prefix, after, null), step - 1);
			if (upTo == null) {
				break;
			}
			ranges.add(new KeyRange(prefix, after, upTo));
			after = upTo;
		}
		ranges.add(new KeyRange(prefix, after, null));
		return ranges;
	}

	private long count(Connection connection, KeyRange range) throws SQLException {
		KeyCondition condition = KeyCondition.of(this.dialect, this.table, range, null);
		try (PreparedStatement statement = connection
			.prepareStatement("select count(*) from " + this.table.quoted() + condition.where())) {
			condition.bind(statement);
			try (ResultSet row = statement.executeQuery()) {
				row.next();
				return row.getLong(1);
			}
		}
	}

	private @Nullable Key keyBehind(Connection connection, KeyRange range, long skipped) throws SQLException {
		KeyCondition condition = KeyCondition.of(this.dialect, this.table, range, null);
		try (PreparedStatement statement = connection.prepareStatement("select " + this.table.key().quoted() + " from "
				+ this.table.quoted() + condition.where() + " order by " + this.table.key().quoted() + " offset "
				+ skipped + " rows fetch first 1 rows only")) {
			condition.bind(statement);
			try (ResultSet row = statement.executeQuery()) {
				return row.next() ? this.table.keyType().read(row, 1) : null;
			}
		}
	}

}
