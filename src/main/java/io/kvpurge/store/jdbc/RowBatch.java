package io.kvpurge.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyValue;

/**
 * Writes rows of one form in one batch.
 *
 * @param columns those that are written, the key first
 * @param values what stands for each of them in the statement
 * @param replace whether rows that are there are replaced, or left
 */
record RowBatch(Dialect dialect, JdbcTable table, List<Column> columns, List<String> values, boolean replace) {

	/**
	 * Writes the rows.
	 * @return the keys of those that were there, and were left
	 */
	List<Key> write(Connection connection, List<KeyValue> rows, Binding binding) throws SQLException {
		if (rows.isEmpty()) {
			return List.of();
		}
		String sql = this.replace ? this.dialect.upsert(this.table.quoted(), this.columns, this.values)
				: this.dialect.insertAbsent(this.table.quoted(), this.columns, this.values);
		boolean keyFirst = !this.replace && this.dialect.isH2();
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			for (KeyValue row : rows) {
				if (keyFirst) {
					this.table.keyType().bind(statement, 1, row.key());
				}
				binding.bind(statement, keyFirst ? 2 : 1, row);
				statement.addBatch();
			}
			int[] written = statement.executeBatch();
			return this.replace ? List.of()
					: IntStream.range(0, written.length)
						.filter((index) -> written[index] == 0)
						.mapToObj((index) -> rows.get(index).key())
						.toList();
		}
	}

	/** Gives a row's values to a statement. */
	@FunctionalInterface
	interface Binding {

		/**
		 * Gives the values.
		 * @param first the place of the first
		 */
		void bind(PreparedStatement statement, int first, KeyValue row) throws SQLException;

	}

}
