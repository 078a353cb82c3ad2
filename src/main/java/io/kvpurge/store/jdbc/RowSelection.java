package io.kvpurge.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.StoredEntry;

/** Reads rows by their keys. */
final class RowSelection {

	private final JdbcConnections connections;

	private final JdbcTable table;

	private final RowReader rows;

	RowSelection(JdbcConnections connections, JdbcTable table, RowReader rows) {
		this.connections = connections;
		this.table = table;
		this.rows = rows;
	}

	/**
	 * The rows of these keys.
	 * @param lock whether to lock them, in the order of their keys, to the end of the
	 * transaction
	 */
	List<KeyEntry> select(Connection connection, Collection<Key> keys, boolean lock) throws SQLException {
		return select(connection, keys, this.table.selectList(),
				lock ? " order by " + this.table.key().quoted() + " for update" : "", this.rows::entry, KeyEntry::key);
	}

	/** The rows of these keys with their values, as they would be written. */
	List<KeyValue> selectWithValues(Connection connection, Collection<Key> keys) throws SQLException {
		Column value = this.table.value();
		String columns = this.table.selectList() + ((value != null) ? ", " + value.quoted() : "");
		return select(connection, keys, columns, "", this.rows::entryWithValue, KeyValue::key);
	}

	/** The rows of these keys, with every column. */
	List<StoredEntry> selectStored(Connection connection, Collection<Key> keys) throws SQLException {
		Column value = this.table.value();
		StringBuilder columns = new StringBuilder(this.table.selectList());
		if (value != null) {
			columns.append(", ").append(value.quoted());
		}
		this.table.others().forEach((column) -> columns.append(", ").append(column.quoted()));
		return select(connection, keys, columns.toString(), "", this.rows::stored, (stored) -> stored.entry().key());
	}

	private <T> List<T> select(Connection connection, Collection<Key> keys, String columns, String suffix,
			RowMapping<T> mapping, Function<T, Key> keyOf) throws SQLException {
		if (keys.isEmpty()) {
			return List.of();
		}
		String sql = "select " + columns + " from " + this.table.quoted() + " where " + this.table.key().quoted()
				+ " = any(?)" + suffix;
		Set<Key> wanted = new HashSet<>(keys);
		List<T> found = new ArrayList<>(keys.size());
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			statement.setQueryTimeout(this.connections.requestSeconds());
			statement.setFetchSize(keys.size());
			this.table.keyType().bindArray(statement, 1, keys, this.connections.dialect().isH2());
			try (ResultSet result = statement.executeQuery()) {
				while (result.next()) {
					T entry = mapping.map(result);
					// A collation may find keys equal that are not, byte by byte.
					if (wanted.contains(keyOf.apply(entry))) {
						found.add(entry);
					}
				}
			}
		}
		return found;
	}

	/** Makes something of the row on which the result stands. */
	@FunctionalInterface
	private interface RowMapping<T> {

		T map(ResultSet row) throws SQLException;

	}

}
