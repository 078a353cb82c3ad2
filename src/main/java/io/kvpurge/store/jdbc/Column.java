package io.kvpurge.store.jdbc;

import java.util.Locale;

import io.kvpurge.store.Key;

/**
 * A column of the table.
 *
 * @param name as the database spells it, or for a named column as the definition does
 * @param quoted the name as it stands in SQL
 * @param typeName the type as the database names it
 * @param nullable whether it may be null
 */
record Column(String name, String quoted, String typeName, boolean nullable) {

	/** This column under the name by which a rule knows it. */
	Column seenAs(String other) {
		return new Column(other, this.quoted, this.typeName, this.nullable);
	}

	boolean isBinary() {
		return type().contains("bytea") || type().contains("binary") || type().contains("blob");
	}

	/** Text that a driver may give as a locator, which is equal to nothing but itself. */
	boolean isLargeText() {
		return type().contains("clob") || type().equals("character large object");
	}

	boolean isJson() {
		return type().equals("json") || type().equals("jsonb");
	}

	boolean isNumber() {
		return KeyType.of(this.typeName) == KeyType.INTEGER || switch (type()) {
			case "numeric", "decimal", "float4", "float8", "real", "double precision", "decfloat" -> true;
			default -> false;
		};
	}

	/**
	 * Whether a key that has the column's form is within its bounds: a database fails on
	 * a number that is too large for the column, where no row can have it.
	 */
	boolean holds(Key key) {
		return switch (type()) {
			case "smallint", "int2", "smallserial" -> isWithin(key, Short.MIN_VALUE, Short.MAX_VALUE);
			case "integer", "int4", "serial" -> isWithin(key, Integer.MIN_VALUE, Integer.MAX_VALUE);
			default -> true;
		};
	}

	private static boolean isWithin(Key key, long least, long most) {
		long number = Long.parseLong(key.text());
		return least <= number && number <= most;
	}

	boolean isTimestamp() {
		return type().startsWith("timestamp");
	}

	boolean isTimestampWithZone() {
		return type().equals("timestamptz") || type().equals("timestamp with time zone");
	}

	/** Whether H2 has no text from which it makes the same value again. */
	boolean isLostInText() {
		return type().endsWith(" array") || type().startsWith("row") || type().equals("java_object")
				|| type().equals("geometry");
	}

	private String type() {
		return this.typeName.toLowerCase(Locale.ROOT);
	}

}
