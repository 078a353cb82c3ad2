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

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;

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
		if (keys.isEmpty()) {
			return List.of();
		}
		String sql = "select " + this.table.selectList() + " from " + this.table.quoted() + " where "
				+ this.table.key().quoted() + " = any(?)"
				+ (lock ? " order by " + this.table.key().quoted() + " for update" : "");
		Set<Key> wanted = new HashSet<>(keys);
		List<KeyEntry> found = new ArrayList<>(keys.size());
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			statement.setQueryTimeout(this.connections.requestSeconds());
			statement.setFetchSize(keys.size());
			this.table.keyType().bindArray(statement, 1, keys, this.connections.dialect().isH2());
			try (ResultSet result = statement.executeQuery()) {
				while (result.next()) {
					KeyEntry entry = this.rows.entry(result);
					// A collation may find keys equal that are not, byte by byte.
					if (wanted.contains(entry.key())) {
						found.add(entry);
					}
				}
			}
		}
		return found;
	}

}
