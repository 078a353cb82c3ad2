package io.kvpurge.store.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import io.kvpurge.store.StoreOptions;

/** Makes the table that options describe, where it is missing. */
final class TableCreation {

	private final JdbcConnections connections;

	TableCreation(JdbcConnections connections) {
		this.connections = connections;
	}

	void createIfMissing(StoreOptions options) {
		TableName name = TableName.parse(options.text("table"));
		try (Connection connection = this.connections.connection()) {
			if (exists(connection, name)) {
				return;
			}
			try (Statement statement = connection.createStatement()) {
				statement.execute("create table " + quoted(name) + " (" + String.join(", ", columns(options)) + ")");
			}
		}
		catch (SQLException ex) {
			throw JdbcFailures.translate("store: cannot make table '" + options.text("table") + "'", ex);
		}
	}

	private static String quoted(TableName name) {
		String table = TableName.quote(name.table());
		return (name.schema() != null) ? TableName.quote(name.schema()) + "." + table : table;
	}

	private static boolean exists(Connection connection, TableName name) throws SQLException {
		String schema = (name.schema() != null) ? name.schema() : connection.getSchema();
		try (ResultSet tables = connection.getMetaData().getTables(null, null, null, null)) {
			while (tables.next()) {
				if (tables.getString("TABLE_NAME").equalsIgnoreCase(name.table())
						&& schema.equalsIgnoreCase(tables.getString("TABLE_SCHEM"))) {
					return true;
				}
			}
			return false;
		}
	}

	private List<String> columns(StoreOptions options) {
		List<String> columns = new ArrayList<>();
		for (String option : List.of("key", "value", "metadata", "expiration", "version")) {
			String column = options.optionalText(option);
			if (column != null) {
				columns.add(TableName.quote(column) + " " + this.connections.dialect().createdType(option));
			}
		}
		for (String column : options.list("columns")) {
			columns.add(TableName.quote(column) + " " + this.connections.dialect().createdType("columns"));
		}
		return columns;
	}

}
