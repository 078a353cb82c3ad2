package io.kvpurge.store.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.jdbc.JdbcTable.KeyOrder;

/** H2 2, embedded or as a server. */
final class H2Dialect implements Dialect {

	@Override
	public boolean isH2() {
		return true;
	}

	/**
	 * Without IFEXISTS a misspelt path would make an empty database; without WRITE_DELAY
	 * a killed process would bring keys back that the ledger says are deleted.
	 */
	@Override
	public String openUrl(String url, boolean create) {
		String upper = url.toUpperCase(Locale.ROOT);
		String opened = url;
		if (!create && !upper.contains(";IFEXISTS=")) {
			opened += ";IFEXISTS=TRUE";
		}
		if (!upper.contains(";WRITE_DELAY=")) {
			opened += ";WRITE_DELAY=0";
		}
		if (!upper.contains(";DB_CLOSE_ON_EXIT=") && !upper.contains(";AUTO_SERVER=TRUE")) {
			opened += ";DB_CLOSE_ON_EXIT=FALSE";
		}
		return opened;
	}

	@Override
	public Map<String, String> driverProperties() {
		return Map.of();
	}

	@Override
	public String identity(Connection connection, JdbcUrl url) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement("select database_path()");
				ResultSet row = statement.executeQuery()) {
			String path = row.next() ? row.getString(1) : null;
			return "h2:" + ((path != null) ? path : connection.getCatalog());
		}
	}

	@Override
	public boolean outlivesClients(JdbcUrl url) {
		return url.text().startsWith("jdbc:h2:tcp:") || url.text().startsWith("jdbc:h2:ssl:");
	}

	@Override
	public void limitSilence(Connection connection, Duration longest) {
		// H2 knows no such limit.
	}

	@Override
	public KeyOrder keyOrder(Connection connection, String schema, String table, Column key) throws SQLException {
		// The default is the order of UTF-16 code units, not of bytes.
		return comparesExactly(connection, schema, table, key) ? KeyOrder.PREFIXES_TOGETHER : KeyOrder.OTHER;
	}

	@Override
	public @Nullable String whyNotUnique(Connection connection, String schema, String table, Column key)
			throws SQLException {
		Map<String, List<String>> indexes = new HashMap<>();
		try (ResultSet rows = connection.getMetaData().getIndexInfo(null, schema, table, true, false)) {
			while (rows.next()) {
				String index = rows.getString("INDEX_NAME");
				if (index != null) {
					indexes.computeIfAbsent(index, (name) -> new ArrayList<>()).add(rows.getString("COLUMN_NAME"));
				}
			}
		}
		return indexes.containsValue(List.of(key.name())) ? null : "unique";
	}

	@Override
	public boolean comparesExactly(Connection connection, String schema, String table, Column key) throws SQLException {
		if (key.typeName().equalsIgnoreCase("VARCHAR_IGNORECASE")) {
			return false;
		}
		try (PreparedStatement statement = connection
			.prepareStatement("select setting_value from information_schema.settings where setting_name = 'COLLATION'");
				ResultSet row = statement.executeQuery()) {
			return !row.next() || "OFF".equals(row.getString(1));
		}
	}

	@Override
	public List<String> deleteTriggers(Connection connection, String schema, String table) throws SQLException {
		List<String> names = new ArrayList<>();
		try (PreparedStatement statement = connection.prepareStatement("""
				select trigger_name from information_schema.triggers
				where event_object_schema = ? and event_object_table = ? and event_manipulation like '%DELETE%'
				order by trigger_name""")) {
			statement.setString(1, schema);
			statement.setString(2, table);
			try (ResultSet rows = statement.executeQuery()) {
				while (rows.next()) {
					names.add(rows.getString(1));
				}
			}
		}
		return names;
	}

	@Override
	public List<Reaction> reactions(Connection connection, String schema, String table) throws SQLException {
		List<Reaction> reactions = new ArrayList<>();
		try (ResultSet rows = connection.getMetaData().getExportedKeys(null, schema, table)) {
			while (rows.next()) {
				int rule = rows.getInt("DELETE_RULE");
				if (rule != DatabaseMetaData.importedKeyNoAction && rule != DatabaseMetaData.importedKeyRestrict) {
					reactions.add(new Reaction(rows.getString("FK_NAME"), rows.getString("FKTABLE_SCHEM"),
							rows.getString("FKTABLE_NAME"), rule == DatabaseMetaData.importedKeyCascade));
				}
			}
		}
		return reactions;
	}

	@Override
	public List<TableName> partitions(Connection connection, String schema, String table) {
		return List.of();
	}

	@Override
	public String likeOperand(Column key, KeyOrder order) {
		return key.quoted();
	}

	@Override
	public String placeholder(Column column) {
		return column.typeName().equalsIgnoreCase("JSON") ? "? format json" : "?";
	}

	@Override
	public String upsert(String table, List<Column> columns, List<String> values) {
		String names = columns.stream().map(Column::quoted).collect(Collectors.joining(", "));
		return "merge into " + table + " (" + names + ") key (" + columns.get(0).quoted() + ") values ("
				+ String.join(", ", values) + ")";
	}

	@Override
	public String insertAbsent(String table, List<Column> columns, List<String> values) {
		String names = columns.stream().map(Column::quoted).collect(Collectors.joining(", "));
		return "merge into " + table + " using (select 1) as one on " + columns.get(0).quoted()
				+ " = ? when not matched then insert (" + names + ") overriding system value values ("
				+ String.join(", ", values) + ")";
	}

	@Override
	public String createdType(String option) {
		return switch (option) {
			case "key" -> "varchar(1024) primary key";
			case "value" -> "blob";
			case "metadata" -> "json";
			case "expiration" -> "timestamp with time zone";
			case "version" -> "bigint not null";
			default -> "varchar";
		};
	}

}
