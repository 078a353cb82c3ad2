package io.kvpurge.store.jdbc;

import java.util.Locale;

/**
 * A column of the table.
 *
 * @param name as the database spells it
 * @param quoted the name as it stands in SQL
 * @param typeName the type as the database names it
 * @param nullable whether it may be null
 */
record Column(String name, String quoted, String typeName, boolean nullable) {

	boolean isBinary() {
		String type = this.typeName.toLowerCase(Locale.ROOT);
		return type.contains("bytea") || type.contains("binary") || type.contains("blob");
	}

	boolean isNumber() {
		return KeyType.of(this.typeName) == KeyType.INTEGER;
	}

}
