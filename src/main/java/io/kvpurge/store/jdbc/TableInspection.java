package io.kvpurge.store.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.store.jdbc.JdbcTable.KeyOrder;

/**
 * Looks at a table and says how its rows are entries, or why they cannot be: a key that
 * is not unique, rows elsewhere that would go along. Reads the catalogue only.
 */
final class TableInspection {

	private final JdbcConnections connections;

	TableInspection(JdbcConnections connections) {
		this.connections = connections;
	}

	/**
	 * The table that the options describe.
	 * @throws InvalidStoreException if it is not there, or cannot be purged
	 */
	JdbcTable inspect(StoreOptions options) {
		try (Connection connection = this.connections.connection()) {
			return inspect(connection, options);
		}
		catch (SQLException ex) {
			throw JdbcFailures.translate("store: cannot inspect table '" + options.text("table") + "'", ex);
		}
	}

	private JdbcTable inspect(Connection connection, StoreOptions options) throws SQLException {
		Found found = find(connection, options.text("table"));
		Map<String, Column> columns = columns(connection, found);
		Column key = column(columns, "key", options.text("key"), found);
		KeyType keyType = KeyType.of(key.typeName());
		if (keyType == null) {
			throw new InvalidStoreException("store: key column '" + key.name() + "' of table " + found.shown()
					+ " has type " + key.typeName() + ": expected text of variable length, an integer or a uuid");
		}
		requireUnique(connection, found, key);
		refuseSideEffects(connection, found, options.list("allow"));
		List<Column> named = new ArrayList<>();
		for (String name : options.list("columns")) {
			named.add(column(columns, "columns", name, found).seenAs(name));
		}
		KeyOrder order = (keyType == KeyType.TEXT)
				? this.connections.dialect().keyOrder(connection, found.schema(), found.table(), key) : KeyOrder.OTHER;
		String identity = this.connections.dialect().identity(connection, this.connections.url()) + " table "
				+ found.schema() + "." + found.table();
		Column expiration = optional(columns, "expiration", options, found);
		if (expiration != null && !expiration.isNumber() && !expiration.isTimestamp()) {
			throw new InvalidStoreException(
					"store: expiration column '" + expiration.name() + "' of table " + found.shown() + " has type "
							+ expiration.typeName() + ": expected a timestamp, or a number of seconds since 1970");
		}
		boolean exact = keyType != KeyType.TEXT
				|| this.connections.dialect().comparesExactly(connection, found.schema(), found.table(), key);
		Column value = optional(columns, "value", options, found);
		Set<String> computed = computed(connection, found);
		List<Column> others = columns.values()
			.stream()
			.filter((column) -> !column.quoted().equals(key.quoted()) && !computed.contains(column.name()))
			.filter((column) -> value == null || !column.quoted().equals(value.quoted()))
			.toList();
		return new JdbcTable(identity, found.quoted(), key, keyType, order, exact, this.connections.dialect().isH2(),
				value, optional(columns, "metadata", options, found), named, expiration,
				optional(columns, "version", options, found), others);
	}

	private static Found find(Connection connection, String text) throws SQLException {
		TableName name = TableName.parse(text);
		DatabaseMetaData metaData = connection.getMetaData();
		String schema = (name.schema() != null) ? name.schema() : connection.getSchema();
		for (String tableSpelling : spellings(metaData, name.table())) {
			for (String schemaSpelling : spellings(metaData, schema)) {
				try (ResultSet tables = metaData.getTables(null, escape(metaData, schemaSpelling),
						escape(metaData, tableSpelling), null)) {
					if (tables.next()) {
						return found(tables, text);
					}
				}
			}
		}
		throw new InvalidStoreException("store: there is no table '" + text
				+ "'; check 'table' and its schema ('kvpurge load' makes a missing table)");
	}

	private static Found found(ResultSet table, String text) throws SQLException {
		String type = table.getString("TABLE_TYPE");
		if (!type.endsWith("TABLE")) {
			throw new InvalidStoreException(
					"store: '" + text + "' is a " + type.toLowerCase(Locale.ROOT) + ", not a table");
		}
		return new Found(table.getString("TABLE_SCHEM"), table.getString("TABLE_NAME"));
	}

	/** As it is spelt; if there is no such name, as the database folds it. */
	private static Set<String> spellings(DatabaseMetaData metaData, String name) throws SQLException {
		Set<String> spellings = new LinkedHashSet<>();
		spellings.add(name);
		spellings
			.add(metaData.storesUpperCaseIdentifiers() ? name.toUpperCase(Locale.ROOT) : name.toLowerCase(Locale.ROOT));
		return spellings;
	}

	private static String escape(DatabaseMetaData metaData, String name) throws SQLException {
		String escape = metaData.getSearchStringEscape();
		return name.replace(escape, escape + escape).replace("_", escape + "_").replace("%", escape + "%");
	}

	private static Map<String, Column> columns(Connection connection, Found table) throws SQLException {
		Map<String, Column> columns = new LinkedHashMap<>();
		DatabaseMetaData metaData = connection.getMetaData();
		try (ResultSet rows = metaData.getColumns(null, escape(metaData, table.schema()),
				escape(metaData, table.table()), null)) {
			while (rows.next()) {
				String name = rows.getString("COLUMN_NAME");
				columns.put(name, new Column(name, TableName.quote(name), rows.getString("TYPE_NAME"),
						!"NO".equals(rows.getString("IS_NULLABLE"))));
			}
		}
		return columns;
	}

	/** The columns that the database computes from others: nobody can write them. */
	private static Set<String> computed(Connection connection, Found table) throws SQLException {
		Set<String> computed = new LinkedHashSet<>();
		DatabaseMetaData metaData = connection.getMetaData();
		try (ResultSet rows = metaData.getColumns(null, escape(metaData, table.schema()),
				escape(metaData, table.table()), null)) {
			while (rows.next()) {
				if ("YES".equals(rows.getString("IS_GENERATEDCOLUMN"))) {
					computed.add(rows.getString("COLUMN_NAME"));
				}
			}
		}
		return computed;
	}

	private static @Nullable Column optional(Map<String, Column> columns, String option, StoreOptions options,
			Found table) {
		String name = options.optionalText(option);
		return (name != null) ? column(columns, option, name, table) : null;
	}

	private static Column column(Map<String, Column> columns, String option, String name, Found table) {
		Column exact = columns.get(name);
		if (exact != null) {
			return exact;
		}
		List<Column> folded = columns.values()
			.stream()
			.filter((column) -> column.name().equalsIgnoreCase(name))
			.toList();
		if (folded.size() == 1) {
			return folded.get(0);
		}
		throw new InvalidStoreException("store: table " + table.shown() + " has no column '" + name + "' (" + option
				+ "); it has " + String.join(", ", columns.keySet()));
	}

	private void requireUnique(Connection connection, Found table, Column key) throws SQLException {
		String flaw = this.connections.dialect().whyNotUnique(connection, table.schema(), table.table(), key);
		if (flaw == null && key.nullable()) {
			flaw = "declared NOT NULL";
		}
		if (flaw != null) {
			throw new InvalidStoreException("store: key column '" + key.name() + "' of table " + table.shown()
					+ " is not " + flaw
					+ ": a key must name one row, so it needs a primary key or a unique constraint of its own, and NOT NULL");
		}
	}

	private void refuseSideEffects(Connection connection, Found table, List<String> allowed) throws SQLException {
		Map<String, String> effects = new LinkedHashMap<>();
		collectEffects(connection, table, "", effects, new LinkedHashSet<>());
		List<String> refused = effects.entrySet()
			.stream()
			.filter((effect) -> allowed.stream().noneMatch((name) -> name.equalsIgnoreCase(effect.getKey())))
			.map(Map.Entry::getValue)
			.toList();
		if (!refused.isEmpty()) {
			throw new InvalidStoreException("store: deleting from table " + table.shown() + " would set off "
					+ String.join(", ", refused) + ": name what you accept under 'allow'");
		}
	}

	private void collectEffects(Connection connection, Found table, String of, Map<String, String> effects,
			Set<Found> seen) throws SQLException {
		if (!seen.add(table)) {
			return;
		}
		Dialect dialect = this.connections.dialect();
		for (String trigger : dialect.deleteTriggers(connection, table.schema(), table.table())) {
			effects.putIfAbsent(trigger, "trigger " + trigger + of);
		}
		for (Dialect.Reaction reaction : dialect.reactions(connection, table.schema(), table.table())) {
			Found child = new Found(reaction.schema(), reaction.table());
			effects.putIfAbsent(reaction.name(), "foreign key " + reaction.name() + " ("
					+ (reaction.deletes() ? "deletes" : "changes") + " rows of " + child.shown() + ")");
			if (reaction.deletes()) {
				collectEffects(connection, child, " of " + child.shown(), effects, seen);
			}
		}
		for (TableName partition : dialect.partitions(connection, table.schema(), table.table())) {
			Found part = new Found(String.valueOf(partition.schema()), partition.table());
			collectEffects(connection, part, " of " + part.shown(), effects, seen);
		}
	}

	/** A table as the database spells it. */
	private record Found(String schema, String table) {

		String quoted() {
			return TableName.quote(this.schema) + "." + TableName.quote(this.table);
		}

		String shown() {
			return "'" + this.schema + "." + this.table + "'";
		}

	}

}
