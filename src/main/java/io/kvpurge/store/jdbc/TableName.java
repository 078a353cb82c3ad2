package io.kvpurge.store.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * A table's name as a definition spells it.
 *
 * @param schema the part before the dot, null if there is none
 * @param table the table
 */
record TableName(@Nullable String schema, String table) {

	static TableName parse(String text) {
		int dot = text.indexOf('.');
		return (dot < 0) ? new TableName(null, text) : new TableName(text.substring(0, dot), text.substring(dot + 1));
	}

	static String quote(String identifier) {
		return '"' + identifier.replace("\"", "\"\"") + '"';
	}

}
