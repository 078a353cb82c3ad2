package io.kvpurge.store.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.testkit.PostgresqlServer;

/**
 * A database in which a test makes its tables.
 *
 * @param url its URL, user included
 */
record TestDatabase(String url) {

	private static final AtomicInteger count = new AtomicInteger();

	/** A new H2 in memory, which lives as long as this process. */
	static TestDatabase h2() {
		return h2("");
	}

	/**
	 * A new H2 in memory.
	 * @param setting a setting that must be made before there are tables
	 */
	static TestDatabase h2(String setting) {
		String url = "jdbc:h2:mem:table" + count.incrementAndGet();
		// Said by this connection only: the adapter's own may not change settings.
		TestDatabase database = new TestDatabase(url);
		try (Connection connection = DriverManager.getConnection(url + ";DB_CLOSE_DELAY=-1");
				Statement statement = connection.createStatement()) {
			statement.execute(setting.isEmpty() ? "select 1" : setting);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
		return database;
	}

	/** The one PostgreSQL database that most tests share. */
	static TestDatabase postgresql() {
		return Shared.POSTGRESQL;
	}

	boolean isH2() {
		return this.url.startsWith("jdbc:h2:");
	}

	/** Makes a new table and gives its name. */
	String createTable(String columns) {
		String table = "entries" + count.incrementAndGet();
		execute("create table " + table + " (" + columns + ")");
		return table;
	}

	void execute(String... statements) {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex.getMessage(), ex);
		}
	}

	/** The first column of a query. */
	List<@Nullable String> query(String sql) {
		List<@Nullable String> values = new ArrayList<>();
		try (Connection connection = connect();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			while (rows.next()) {
				values.add(rows.getString(1));
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex.getMessage(), ex);
		}
		return values;
	}

	Connection connect() throws SQLException {
		return DriverManager.getConnection(this.url);
	}

	/**
	 * Opens a table as a store.
	 * @param options names and values in turn, lists with commas; {@code key} is
	 * {@code k} unless given
	 */
	KeyValueStore open(String table, String... options) {
		return new JdbcStoreType().open(options(table, options));
	}

	StoreOptions options(String table, String... options) {
		Map<String, List<String>> all = new HashMap<>();
		all.put("key", List.of("k"));
		all.putAll(JdbcStoreContract.options(options));
		all.put("url", List.of(this.url));
		all.put("table", List.of(table));
		return new StoreOptions(all);
	}

	private static final class Shared {

		static final TestDatabase POSTGRESQL = new TestDatabase(
				PostgresqlServer.newDatabaseUrl("locale_provider icu icu_locale 'en' template template0"));

	}

}
