package io.kvpurge.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.Value;

/**
 * Writes rows with every column as it was read: also those of which the definition knows
 * nothing, and the version.
 */
final class WholeRowWriter {

	private final Dialect dialect;

	private final JdbcTable table;

	private final List<Column> columns = new ArrayList<>();

	private final Set<String> names;

	WholeRowWriter(Dialect dialect, JdbcTable table) {
		this.dialect = dialect;
		this.table = table;
		this.columns.add(table.key());
		if (table.value() != null) {
			this.columns.add(table.value());
		}
		this.columns.addAll(table.others());
		this.names = table.others().stream().map(Column::name).collect(Collectors.toSet());
	}

	/**
	 * Looks whether the row would be as it was.
	 * @throws UnsupportedOperationException if the table has other columns by now
	 */
	void requirePlace(KeyValue entry) {
		if (!entry.columns().isEmpty() && !entry.columns().keySet().equals(this.names)) {
			throw new UnsupportedOperationException("key " + RowWriter.shown(entry.key())
					+ " was saved with the columns " + entry.columns().keySet() + ", and the table has " + this.names);
		}
	}

	/**
	 * Writes rows.
	 * @param replace whether those that are there are replaced, or left
	 * @return the keys of those that were left
	 */
	List<Key> write(Connection connection, List<KeyValue> rows, boolean replace) throws SQLException {
		List<String> values = this.columns.stream().map(this.dialect::placeholder).toList();
		return new RowBatch(this.dialect, this.table, this.columns, values, replace).write(connection, rows,
				this::bind);
	}

	private void bind(PreparedStatement statement, int first, KeyValue row) throws SQLException {
		int index = first;
		for (Column column : this.columns) {
			if (column.equals(this.table.key())) {
				this.table.keyType().bind(statement, index, row.key());
			}
			else if (column.equals(this.table.value())) {
				RowWriter.bindValue(statement, index, column, row);
			}
			else {
				bind(statement, index, column, row.columns().get(column.name()));
			}
			index++;
		}
	}

	private void bind(PreparedStatement statement, int index, Column column, @Nullable Value value)
			throws SQLException {
		if (column.isBinary()) {
			statement.setBytes(index, (value != null) ? value.bytes() : null);
			return;
		}
		String text = (value != null) ? Key.of(value.bytes()).text() : null;
		if (this.dialect.isH2()) {
			statement.setString(index, text);
		}
		else {
			// As unknown, so that the server takes it for whatever the column is.
			statement.setObject(index, text, Types.OTHER);
		}
	}

}
