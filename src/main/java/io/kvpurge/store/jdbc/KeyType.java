package io.kvpurge.store.jdbc;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Locale;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Key;

/** The types that a key column may have. */
enum KeyType {

	/** Text of any length, compared as it stands. */
	TEXT("VARCHAR", "text") {

		@Override
		Object value(String text) {
			return text;
		}

	},

	/** Whole numbers; the key is the number's decimal text. */
	INTEGER("BIGINT", "bigint") {

		@Override
		Object value(String text) {
			return Long.valueOf(text);
		}

	},

	/** UUIDs; the key is the usual text in lower case. */
	UUID("UUID", "uuid") {

		@Override
		Object value(String text) {
			return java.util.UUID.fromString(text);
		}

	};

	private final String h2Name;

	private final String postgresqlName;

	KeyType(String h2Name, String postgresqlName) {
		this.h2Name = h2Name;
		this.postgresqlName = postgresqlName;
	}

	/** The type of a column, null if it cannot be a key. */
	static @Nullable KeyType of(String typeName) {
		return switch (typeName.toLowerCase(Locale.ROOT)) {
			case "varchar", "text", "character varying", "varchar_ignorecase" -> TEXT;
			case "smallint", "int2", "integer", "int4", "bigint", "int8", "smallserial", "serial", "bigserial" ->
				INTEGER;
			case "uuid" -> UUID;
			default -> null;
		};
	}

	abstract Object value(String text);

	/** Whether this key can stand in such a column at all. */
	boolean fits(Key key) {
		try {
			return key.isText() && value(key.text()).toString().equals(key.text());
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	void bind(PreparedStatement statement, int index, Key key) throws SQLException {
		statement.setObject(index, value(key.text()));
	}

	void bindArray(PreparedStatement statement, int index, Collection<Key> keys, boolean h2) throws SQLException {
		Object[] values = keys.stream().map((key) -> value(key.text())).toArray();
		statement.setArray(index,
				statement.getConnection().createArrayOf(h2 ? this.h2Name : this.postgresqlName, values));
	}

	Key read(ResultSet row, int index) throws SQLException {
		return Key.of(row.getString(index));
	}

}
