package io.kvpurge.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.Value;
import io.kvpurge.store.jsonl.JsonValues;

/** Writes entries as rows, in one transaction. */
final class RowWriter {

	private final Dialect dialect;

	private final JdbcTable table;

	private final List<Column> columns = new ArrayList<>();

	RowWriter(Dialect dialect, JdbcTable table) {
		this.dialect = dialect;
		this.table = table;
		this.columns.add(table.key());
		if (table.value() != null) {
			this.columns.add(table.value());
		}
		if (table.metadata() != null) {
			this.columns.add(table.metadata());
		}
		if (table.expiration() != null) {
			this.columns.add(table.expiration());
		}
		if (table.version() != null) {
			this.columns.add(table.version());
		}
		// A column may be named for the rule and have another part as well.
		Set<String> written = this.columns.stream().map(Column::quoted).collect(Collectors.toSet());
		table.columns().stream().filter((column) -> written.add(column.quoted())).forEach(this.columns::add);
	}

	/**
	 * Writes the entries.
	 * @throws UnsupportedOperationException if the table has no place for something
	 */
	void write(Connection connection, List<KeyValue> entries) throws SQLException {
		write(connection, entries, true);
	}

	/**
	 * Writes those of the entries whose keys are not there.
	 * @return the keys that are
	 * @throws UnsupportedOperationException if the table has no place for something
	 */
	List<Key> add(Connection connection, List<KeyValue> entries) throws SQLException {
		return write(connection, entries, false);
	}

	private List<Key> write(Connection connection, List<KeyValue> entries, boolean replace) throws SQLException {
		WholeRowWriter whole = new WholeRowWriter(this.dialect, this.table);
		entries.forEach(this::requirePlace);
		entries.forEach(whole::requirePlace);
		List<KeyValue> partial = entries.stream().filter((entry) -> entry.columns().isEmpty()).toList();
		List<KeyValue> rows = entries.stream().filter((entry) -> !entry.columns().isEmpty()).toList();
		List<String> values = new ArrayList<>();
		for (Column column : this.columns) {
			values.add(column.equals(this.table.version()) ? nextVersion(column) : this.dialect.placeholder(column));
		}
		connection.setAutoCommit(false);
		try {
			List<Key> there = new ArrayList<>();
			there.addAll(new RowBatch(this.dialect, this.table, this.columns, values, replace).write(connection,
					partial, this::bind));
			there.addAll(whole.write(connection, rows, replace));
			connection.commit();
			return there;
		}
		catch (SQLException | RuntimeException ex) {
			JdbcConnections.rollback(connection, ex);
			throw ex;
		}
	}

	private String nextVersion(Column version) {
		return "coalesce((select " + version.quoted() + " from " + this.table.quoted() + " where "
				+ this.table.key().quoted() + " = ?), 0) + 1";
	}

	private void requirePlace(KeyValue entry) {
		if (!this.table.comparesExactly()) {
			// A write would replace a row of another key, under that key.
			throw new UnsupportedOperationException("the key column " + this.table.key().quoted()
					+ " finds keys equal that are not: entries can be deleted from such a table, not written to it");
		}
		if (entry.columns().isEmpty() && this.table.version() != null && !this.table.version().isNumber()) {
			throw new UnsupportedOperationException("the version column " + this.table.version().quoted() + " has type "
					+ this.table.version().typeName() + ": entries can be written only where it is a number");
		}
		Key key = entry.key();
		if (!this.table.fits(key)) {
			throw new UnsupportedOperationException(
					"key " + shown(key) + " cannot stand in a column of type " + this.table.key().typeName()
							+ (key.isText() && key.text().indexOf('\0') >= 0 ? ": it holds U+0000" : ""));
		}
		if (entry.value() != null && this.table.value() == null) {
			throw new UnsupportedOperationException(
					"the table has no place for the value of key " + shown(key) + ": name a column with 'value'");
		}
		Column column = this.table.value();
		if (entry.value() != null && column != null && !isPlaceFor(entry.value(), column)) {
			throw new UnsupportedOperationException(
					"the value of key " + shown(key) + " is binary, and column '" + column.name() + "' holds text");
		}
		if (!entry.columns().isEmpty()) {
			return; // they hold the rest
		}
		if (entry.expiration() != null && this.table.expiration() == null) {
			throw new UnsupportedOperationException("the table has no place for the expiration of key " + shown(key)
					+ ": name a column with 'expiration'");
		}
		if (this.table.metadata() == null) {
			requireColumns(entry);
		}
	}

	private boolean isPlaceFor(Value value, Column column) {
		if (column.isBinary()) {
			return true;
		}
		Key text = Key.of(value.bytes());
		return text.isText() && (this.table.holdsNul() || text.text().indexOf('\0') < 0);
	}

	/** In one line, whatever stands in it. */
	static String shown(Key key) {
		return Pattern.compile("\\p{Cntrl}")
			.matcher(key.toString())
			.replaceAll((control) -> "\\\\u%04x".formatted((int) control.group().charAt(0)));
	}

	private void requireColumns(KeyValue entry) {
		if (!entry.metadata().isPresent()) {
			return;
		}
		List<String> names = this.table.columns().stream().map(Column::name).toList();
		boolean fits = entry.metadata().value() instanceof Map<?, ?> fields && names.containsAll(fields.keySet());
		if (!fits) {
			throw new UnsupportedOperationException(
					"the table has no place for the metadata of key " + shown(entry.key())
							+ ": name a JSON column with 'metadata', or its fields' columns with 'columns'");
		}
	}

	private void bind(PreparedStatement statement, int first, KeyValue entry) throws SQLException {
		int index = first;
		for (Column column : this.columns) {
			if (column.equals(this.table.key()) || column.equals(this.table.version())) {
				this.table.keyType().bind(statement, index, entry.key());
			}
			else if (column.equals(this.table.value())) {
				bindValue(statement, index, column, entry);
			}
			else if (column.equals(this.table.metadata())) {
				statement.setString(index, json(entry.metadata()));
			}
			else if (column.equals(this.table.expiration())) {
				bindExpiration(statement, index, column, entry.expiration());
			}
			else {
				bindField(statement, index, field(entry.metadata(), column.name()));
			}
			index++;
		}
	}

	static void bindValue(PreparedStatement statement, int index, Column column, KeyValue entry) throws SQLException {
		byte[] bytes = (entry.value() != null) ? entry.value().bytes() : null;
		if (column.isBinary()) {
			statement.setBytes(index, bytes);
		}
		else {
			statement.setString(index, (bytes != null) ? Key.of(bytes).text() : null);
		}
	}

	private static void bindExpiration(PreparedStatement statement, int index, Column column,
			@Nullable Instant expiration) throws SQLException {
		if (column.isNumber()) {
			statement.setObject(index, (expiration != null) ? expiration.getEpochSecond() : null, Types.BIGINT);
		}
		else {
			OffsetDateTime utc = (expiration != null) ? expiration.atOffset(ZoneOffset.UTC) : null;
			statement.setObject(index, (utc == null || column.isTimestampWithZone()) ? utc : utc.toLocalDateTime());
		}
	}

	private void bindField(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
		Object plain = (value instanceof Map || value instanceof List) ? JsonValues.text(value) : value;
		if (this.dialect.isH2()) {
			statement.setObject(index, plain);
		}
		else {
			// As unknown, so that the server takes it for whatever the column is.
			statement.setObject(index, (plain != null) ? plain.toString() : null, Types.OTHER);
		}
	}

	private @Nullable String json(Metadata metadata) {
		if (!metadata.isPresent()) {
			return null;
		}
		if (!(metadata.value() instanceof Map<?, ?> fields) || this.table.columns().isEmpty()) {
			return JsonValues.text(metadata.value());
		}
		Map<Object, @Nullable Object> rest = new LinkedHashMap<>(fields);
		this.table.columns().forEach((column) -> rest.remove(column.name()));
		return rest.isEmpty() ? null : JsonValues.text(rest);
	}

	private static @Nullable Object field(Metadata metadata, String name) {
		return (metadata.value() instanceof Map<?, ?> fields) ? fields.get(name) : null;
	}

}
