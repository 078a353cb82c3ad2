package io.kvpurge.store.jdbc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoredEntry;
import io.kvpurge.store.Unreadable;
import io.kvpurge.store.Value;
import io.kvpurge.store.jsonl.JsonValues;

/** Turns rows that were read by {@link JdbcTable#selectList()} into entries. */
final class RowReader {

	private final JdbcTable table;

	private final int seenColumns;

	RowReader(JdbcTable table) {
		this.table = table;
		this.seenColumns = table.readColumns().size() - 1;
	}

	KeyEntry entry(ResultSet row) throws SQLException {
		Key key = this.table.keyType().read(row, 1);
		int next = 2;
		@Nullable Object[] seen = new @Nullable Object[this.seenColumns];
		String json = null;
		if (this.table.metadata() != null) {
			json = row.getString(next);
			seen[next - 2] = json;
			next++;
		}
		Map<String, @Nullable Object> fields = this.table.columns().isEmpty() ? Map.of() : new LinkedHashMap<>();
		for (Column column : this.table.columns()) {
			Object raw = raw(row, next, column);
			seen[next - 2] = raw;
			fields.put(column.name(), column.isJson() ? json((String) raw) : value(raw));
			next++;
		}
		Instant expiration = null;
		if (this.table.expiration() != null) {
			Object raw = raw(row, next, this.table.expiration());
			seen[next - 2] = raw;
			expiration = instant(raw);
			next++;
		}
		SeenRow version = (this.table.version() != null) ? SeenRow.of(raw(row, next, this.table.version()))
				: SeenRow.of(seen);
		return new KeyEntry(key, metadata(json, fields), expiration, version);
	}

	/** An entry of which the value column was read behind everything else. */
	KeyValue entryWithValue(ResultSet row) throws SQLException {
		KeyEntry entry = entry(row);
		Column column = this.table.value();
		Value value = (column != null) ? exact(row, this.table.readColumns().size() + 1, column) : null;
		return new KeyValue(entry.key(), value, entry.metadata(), entry.expiration());
	}

	/** An entry of which every other column was read behind the value. */
	StoredEntry stored(ResultSet row) throws SQLException {
		KeyEntry entry = entry(row);
		int next = this.table.readColumns().size() + 1;
		Value value = null;
		if (this.table.value() != null) {
			value = exact(row, next, this.table.value());
			next++;
		}
		Map<String, @Nullable Value> columns = new LinkedHashMap<>();
		for (Column column : this.table.others()) {
			columns.put(column.name(), exact(row, next, column));
			next++;
		}
		return new StoredEntry(entry, new KeyValue(entry.key(), value, entry.metadata(), entry.expiration(), columns));
	}

	/** A column's bytes, or the text from which the database makes the same again. */
	private static @Nullable Value exact(ResultSet row, int index, Column column) throws SQLException {
		if (column.isBinary()) {
			byte[] bytes = row.getBytes(index);
			return (bytes != null) ? Value.of(bytes) : null;
		}
		String text = row.getString(index);
		return (text != null) ? Value.of(text) : null;
	}

	/**
	 * A column's value in a form that is equal where it is the same, and that does not
	 * depend on this machine's time zone.
	 */
	private static @Nullable Object raw(ResultSet row, int index, Column column) throws SQLException {
		if (column.isTimestampWithZone()) {
			return row.getObject(index, OffsetDateTime.class);
		}
		if (column.isTimestamp()) {
			return row.getObject(index, LocalDateTime.class);
		}
		if (column.isBinary()) {
			byte[] bytes = row.getBytes(index);
			return (bytes != null) ? Value.of(bytes) : null;
		}
		if (column.isLargeText() || column.isJson()) {
			return row.getString(index);
		}
		Object raw = row.getObject(index);
		// Arrays, XML and the like are equal to nothing but themselves; their text is
		// not.
		return (raw == null || isPlain(raw)) ? raw : new Unknown(String.valueOf(row.getString(index)));
	}

	private static boolean isPlain(Object raw) {
		return raw instanceof String || raw instanceof Number || raw instanceof Boolean || raw instanceof UUID
				|| raw instanceof java.util.Date || raw instanceof LocalDate;
	}

	private static @Nullable Object json(@Nullable String text) {
		try {
			return (text != null) ? JsonValues.parse(text) : null;
		}
		catch (JacksonException ex) {
			return Unreadable.VALUE;
		}
	}

	private static Metadata metadata(@Nullable String json, Map<String, @Nullable Object> fields) {
		if (json == null) {
			return fields.isEmpty() ? Metadata.ABSENT : Metadata.of(fields);
		}
		return Metadata.read(() -> merged(json(json), fields));
	}

	private static @Nullable Object merged(@Nullable Object value, Map<String, @Nullable Object> fields) {
		if (fields.isEmpty() || !(value instanceof Map<?, ?> object)) {
			return value;
		}
		Map<String, @Nullable Object> all = new LinkedHashMap<>();
		object.forEach((name, field) -> all.put(String.valueOf(name), field));
		all.putAll(fields);
		return all;
	}

	private static @Nullable Object value(@Nullable Object raw) {
		if (raw == null || raw instanceof String || raw instanceof Boolean || raw instanceof Long
				|| raw instanceof Double) {
			return raw;
		}
		if (raw instanceof Integer || raw instanceof Short || raw instanceof Byte) {
			return ((Number) raw).longValue();
		}
		if (raw instanceof Float number) {
			return number.doubleValue();
		}
		if (raw instanceof BigDecimal number) {
			return decimal(number);
		}
		if (raw instanceof UUID || raw instanceof java.sql.Date || raw instanceof LocalDate) {
			return raw.toString();
		}
		Instant instant = instant(raw);
		return (instant != null) ? instant : Unreadable.VALUE;
	}

	private static Object decimal(BigDecimal number) {
		try {
			BigInteger whole = number.toBigIntegerExact();
			return (whole.bitLength() < Long.SIZE) ? (Object) whole.longValue() : whole;
		}
		catch (ArithmeticException ex) {
			return number.doubleValue();
		}
	}

	private static @Nullable Instant instant(@Nullable Object raw) {
		// PostgreSQL's infinity is the driver's MAX: never.
		if (raw instanceof OffsetDateTime dateTime) {
			return dateTime.equals(OffsetDateTime.MAX) ? null : dateTime.toInstant();
		}
		if (raw instanceof LocalDateTime dateTime) {
			return dateTime.equals(LocalDateTime.MAX) ? null : dateTime.toInstant(ZoneOffset.UTC);
		}
		try {
			return (raw instanceof Number seconds) ? Instant.ofEpochSecond(seconds.longValue()) : null;
		}
		catch (DateTimeException ex) {
			// Further away than time is counted.
			return null;
		}
	}

	/** What no rule can be decided on, but can be compared. */
	private record Unknown(String text) {

	}

}
