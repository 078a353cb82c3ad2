package io.kvpurge.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.jdbc.JdbcTable.KeyOrder;

/** PostgreSQL. */
final class PostgresqlDialect implements Dialect {

	private static final String COLLATION = """
			select case when c.collnamespace = 'pg_catalog'::regnamespace then c.collname::text else '' end, coalesce(c.collprovider::text, ''), d.datlocprovider::text, d.datcollate,
				coalesce(to_jsonb(d) ->> 'datlocale', '')
			from pg_attribute a
			join pg_class t on t.oid = a.attrelid
			join pg_namespace n on n.oid = t.relnamespace
			left join pg_collation c on c.oid = a.attcollation
			join pg_database d on d.datname = current_database()
			where n.nspname = ? and t.relname = ? and a.attname = ?""";

	/** An index that is not valid, or holds some rows only, promises nothing. */
	private static final String UNIQUE = """
			select 1 from pg_index i
			join pg_class t on t.oid = i.indrelid
			join pg_namespace n on n.oid = t.relnamespace
			join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0]
			left join pg_collation c on c.oid = a.attcollation
			where n.nspname = ? and t.relname = ? and a.attname = ?
				and i.indisunique and i.indisvalid and i.indpred is null and i.indnkeyatts = 1
				and (i.indcollation[0] = a.attcollation or coalesce(c.collisdeterministic, true))""";

	private static final String CHILDREN = """
			select cn.nspname, ct.relname from pg_inherits h
			join pg_class t on t.oid = h.inhparent
			join pg_namespace n on n.oid = t.relnamespace
			join pg_class ct on ct.oid = h.inhrelid
			join pg_namespace cn on cn.oid = ct.relnamespace
			where n.nspname = ? and t.relname = ? and (t.relkind = 'p') = ?
			order by 1, 2""";

	private static final String REACTIONS = """
			select f.conname, cn.nspname, ct.relname, f.confdeltype = 'c' from pg_constraint f
			join pg_class t on t.oid = f.confrelid
			join pg_namespace n on n.oid = t.relnamespace
			join pg_class ct on ct.oid = f.conrelid
			join pg_namespace cn on cn.oid = ct.relnamespace
			where n.nspname = ? and t.relname = ? and f.contype = 'f' and f.conparentid = 0
				and f.confdeltype in ('c', 'n', 'd')
			order by 1""";

	private static final String DETERMINISTIC = """
			select coalesce(c.collisdeterministic, true) from pg_attribute a
			join pg_class t on t.oid = a.attrelid
			join pg_namespace n on n.oid = t.relnamespace
			left join pg_collation c on c.oid = a.attcollation
			where n.nspname = ? and t.relname = ? and a.attname = ?""";

	private static final String TRIGGERS = """
			select g.tgname from pg_trigger g join pg_class t on t.oid = g.tgrelid
			join pg_namespace n on n.oid = t.relnamespace
			where n.nspname = ? and t.relname = ? and not g.tgisinternal and (g.tgtype & 8) <> 0 and g.tgenabled <> 'D'
			union
			select w.rulename from pg_rewrite w join pg_class t on t.oid = w.ev_class
			join pg_namespace n on n.oid = t.relnamespace
			where n.nspname = ? and t.relname = ? and w.ev_type = '4'
			order by 1""";

	@Override
	public boolean isH2() {
		return false;
	}

	@Override
	public String openUrl(String url, boolean create) {
		return url;
	}

	@Override
	public Map<String, String> driverProperties() {
		return Map.of("ApplicationName", "kvpurge", "connectTimeout", "10", "socketTimeout", "120", "tcpKeepAlive",
				"true");
	}

	@Override
	public String identity(Connection connection, JdbcUrl url) throws SQLException {
		String database = connection.getCatalog();
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("select system_identifier from pg_control_system()")) {
			row.next();
			return "postgresql:" + row.getString(1) + "/" + database;
		}
		catch (SQLException ex) {
			// Not readable for this user: what the server is called must do.
			String server = url.text().replaceFirst("^jdbc:postgresql:(//)?", "").replaceFirst("[/?].*$", "");
			return "postgresql:" + (server.isEmpty() ? "localhost" : server) + "/" + database;
		}
	}

	@Override
	public boolean outlivesClients(JdbcUrl url) {
		return true;
	}

	@Override
	public void limitSilence(Connection connection, Duration longest) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("set local idle_in_transaction_session_timeout = " + longest.toMillis());
		}
	}

	@Override
	public KeyOrder keyOrder(Connection connection, String schema, String table, Column key) throws SQLException {
		List<Boolean> byBytes = rows(connection, COLLATION, (row) -> {
			String collation = row.getString(1);
			return collation.equals("default") ? isByBytes(row.getString(3), row.getString(4), row.getString(5))
					: List.of("C", "POSIX", "ucs_basic", "pg_c_utf8").contains(collation);
		}, schema, table, key.name());
		return byBytes.equals(List.of(true)) ? KeyOrder.BYTES : KeyOrder.OTHER;
	}

	private static boolean isByBytes(String provider, String collate, String locale) {
		return switch (provider) {
			case "c" -> collate.equals("C") || collate.equals("POSIX");
			case "b" -> locale.equals("C") || locale.equals("C.UTF-8");
			default -> false;
		};
	}

	@Override
	public @Nullable String whyNotUnique(Connection connection, String schema, String table, Column key)
			throws SQLException {
		List<TableName> heirs = children(connection, schema, table, false);
		if (!heirs.isEmpty()) {
			return "unique in the tables that inherit from it, such as '" + heirs.get(0).table() + "'";
		}
		return rows(connection, UNIQUE, (row) -> true, schema, table, key.name()).isEmpty() ? "unique" : null;
	}

	@Override
	public boolean comparesExactly(Connection connection, String schema, String table, Column key) throws SQLException {
		return rows(connection, DETERMINISTIC, (row) -> row.getBoolean(1), schema, table, key.name())
			.equals(List.of(true));
	}

	@Override
	public List<Reaction> reactions(Connection connection, String schema, String table) throws SQLException {
		return rows(connection, REACTIONS,
				(row) -> new Reaction(row.getString(1), row.getString(2), row.getString(3), row.getBoolean(4)), schema,
				table);
	}

	@Override
	public List<TableName> partitions(Connection connection, String schema, String table) throws SQLException {
		return children(connection, schema, table, true);
	}

	private static List<TableName> children(Connection connection, String schema, String table, boolean partitioned)
			throws SQLException {
		return rows(connection, CHILDREN, (row) -> new TableName(row.getString(1), row.getString(2)), schema, table,
				partitioned);
	}

	@Override
	public List<String> deleteTriggers(Connection connection, String schema, String table) throws SQLException {
		return rows(connection, TRIGGERS, (row) -> row.getString(1), schema, table, schema, table);
	}

	/** By bytes: collations that are not deterministic may know no LIKE. */
	@Override
	public String likeOperand(Column key, KeyOrder order) {
		return (order == KeyOrder.BYTES) ? key.quoted() : "(" + key.quoted() + " collate pg_catalog.\"C\")";
	}

	@Override
	public String placeholder(Column column) {
		return switch (column.typeName()) {
			case "json", "jsonb" -> "cast(? as " + column.typeName() + ")";
			default -> "?";
		};
	}

	@Override
	public String upsert(String table, List<Column> columns, List<String> values) {
		String updates = columns.stream()
			.skip(1)
			.map((column) -> column.quoted() + " = excluded." + column.quoted())
			.collect(Collectors.joining(", "));
		return insert(table, columns, values) + " on conflict (" + columns.get(0).quoted() + ") do "
				+ (updates.isEmpty() ? "nothing" : "update set " + updates);
	}

	@Override
	public String insertAbsent(String table, List<Column> columns, List<String> values) {
		return insert(table, columns, values) + " on conflict (" + columns.get(0).quoted() + ") do nothing";
	}

	/** Numbers that the table gives by itself are written as they were. */
	private static String insert(String table, List<Column> columns, List<String> values) {
		String names = columns.stream().map(Column::quoted).collect(Collectors.joining(", "));
		return "insert into " + table + " (" + names + ") overriding system value values (" + String.join(", ", values)
				+ ")";
	}

	@Override
	public String createdType(String option) {
		return switch (option) {
			case "key" -> "text collate \"C\" primary key";
			case "value" -> "bytea";
			case "metadata" -> "jsonb";
			case "expiration" -> "timestamp with time zone";
			case "version" -> "bigint not null";
			default -> "text";
		};
	}

	/** What the catalogue answers, row by row. */
	private static <T> List<T> rows(Connection connection, String sql, RowMapping<T> mapping, Object... parameters)
			throws SQLException {
		List<T> mapped = new ArrayList<>();
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			for (int i = 0; i < parameters.length; i++) {
				statement.setObject(i + 1, parameters[i]);
			}
			try (ResultSet rows = statement.executeQuery()) {
				while (rows.next()) {
					mapped.add(mapping.map(rows));
				}
			}
		}
		return mapped;
	}

	/** Turns the present row into a value. */
	@FunctionalInterface
	private interface RowMapping<T> {

		T map(ResultSet row) throws SQLException;

	}

}
