package io.kvpurge.store.jdbc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
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
import io.kvpurge.store.Metadata;
import io.kvpurge.store.Unreadable;
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
		Map<String, @Nullable Object> fields = new LinkedHashMap<>();
		for (Column column : this.table.columns()) {
			Object raw = row.getObject(next);
			seen[next - 2] = raw;
			fields.put(column.name(), value(raw));
			next++;
		}
		Instant expiration = null;
		if (this.table.expiration() != null) {
			Object raw = row.getObject(next);
			seen[next - 2] = raw;
			expiration = instant(raw);
			next++;
		}
		SeenRow version = (this.table.version() != null) ? SeenRow.of(row.getObject(next)) : SeenRow.of(seen);
		return new KeyEntry(key, metadata(json, fields), expiration, version);
	}

	private Metadata metadata(@Nullable String json, Map<String, @Nullable Object> fields) {
		if (json == null) {
			return fields.isEmpty() ? Metadata.ABSENT : Metadata.of(fields);
		}
		Object value;
		try {
			value = JsonValues.parse(json);
		}
		catch (JacksonException ex) {
			return Metadata.of(Unreadable.VALUE);
		}
		if (fields.isEmpty() || !(value instanceof Map<?, ?> object)) {
			return Metadata.of(value);
		}
		Map<String, @Nullable Object> all = new LinkedHashMap<>();
		object.forEach((name, field) -> all.put(String.valueOf(name), field));
		all.putAll(fields);
		return Metadata.of(all);
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
		if (raw instanceof Timestamp timestamp) {
			return timestamp.toInstant();
		}
		if (raw instanceof OffsetDateTime dateTime) {
			return dateTime.toInstant();
		}
		if (raw instanceof LocalDateTime dateTime) {
			return dateTime.toInstant(ZoneOffset.UTC);
		}
		return (raw instanceof Number seconds) ? Instant.ofEpochSecond(seconds.longValue()) : null;
	}

}
