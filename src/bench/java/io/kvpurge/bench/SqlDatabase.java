package io.kvpurge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import io.kvpurge.testkit.PostgresqlServer;

/**
 * A table of keys with JSON as metadata, filled once and made anew from that for each
 * run. In the metadata stands the number of the key as {@code n}.
 */
abstract class SqlDatabase {

	private static final int ROWS_OF_A_BATCH = 1_000;

	abstract String url();

	/** The condition that a rule {@code metadata.n % 100 < percent} is in SQL. */
	abstract String condition(int percent);

	abstract void fill(int keys) throws SQLException, IOException;

	/** As it was when it was filled. */
	abstract void reset() throws SQLException, IOException;

	/** Processor time of the server in seconds; NaN where there is none. */
	abstract double serverCpu();

	static SqlDatabase of(String name, Path folder) throws SQLException {
		return name.equals("h2") ? new H2(folder) : new Postgresql();
	}

	long size() throws SQLException {
		try (Connection connection = DriverManager.getConnection(url());
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery("select count(*) from entries")) {
			result.next();
			return result.getLong(1);
		}
	}

	static void execute(String url, String... statements) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url);
				Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
	}

	static void insert(String url, String sql, int keys) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url);
				PreparedStatement statement = connection.prepareStatement(sql)) {
			connection.setAutoCommit(false);
			for (int i = 0; i < keys; i++) {
				statement.setString(1, "key/%09d".formatted(i));
				statement.setString(2,
						"{\"n\": %d, \"build\": \"v%d\", \"type\": \"html\", \"tags\": \"product-%d,category-%d\"}"
							.formatted(i, i % 7, i % 5000, i % 40));
				statement.addBatch();
				if (i % ROWS_OF_A_BATCH == ROWS_OF_A_BATCH - 1) {
					statement.executeBatch();
				}
			}
			statement.executeBatch();
			connection.commit();
		}
	}

	/** A file, which the process opens that deletes. */
	private static final class H2 extends SqlDatabase {

		private final Path folder;

		H2(Path folder) {
			this.folder = folder;
		}

		@Override
		String url() {
			return "jdbc:h2:file:" + this.folder.resolve("store");
		}

		@Override
		String condition(int percent) {
			return "cast(cast((metadata).\"n\" as varchar) as integer) %% 100 < %d".formatted(percent);
		}

		@Override
		void fill(int keys) throws SQLException, IOException {
			execute(url(), "create table entries (name varchar(100) primary key, metadata json not null)");
			insert(url(), "insert into entries values (?, ? format json)", keys);
			execute(url(), "analyze", "shutdown compact");
			Files.move(store(), template());
		}

		@Override
		void reset() throws IOException {
			Files.copy(template(), store(), StandardCopyOption.REPLACE_EXISTING);
		}

		private Path store() {
			return this.folder.resolve("store.mv.db");
		}

		private Path template() {
			return this.folder.resolve("template.mv.db");
		}

		@Override
		double serverCpu() {
			return Double.NaN;
		}

	}

	/** A real server, which does not sync. */
	private static final class Postgresql extends SqlDatabase {

		private final String url = PostgresqlServer.newDatabaseUrl();

		private final ProcessTree server;

		Postgresql() throws SQLException {
			try (Connection connection = DriverManager.getConnection(this.url);
					Statement statement = connection.createStatement();
					ResultSet result = statement.executeQuery("select pg_backend_pid()")) {
				result.next();
				ProcessHandle backend = ProcessHandle.of(result.getLong(1)).orElseThrow();
				this.server = new ProcessTree(backend.parent().orElseThrow());
			}
		}

		@Override
		String url() {
			return this.url;
		}

		@Override
		String condition(int percent) {
			return "(metadata->>'n')::int %% 100 < %d".formatted(percent);
		}

		@Override
		void fill(int keys) throws SQLException {
			execute(this.url, "create table template (name text collate \"C\" primary key, metadata jsonb not null)");
			insert(this.url, "insert into template values (?, ?::jsonb)", keys);
		}

		@Override
		void reset() throws SQLException {
			execute(this.url, "drop table if exists entries",
					"create table entries (name text collate \"C\" primary key, metadata jsonb not null)",
					"insert into entries select * from template", "vacuum analyze entries", "checkpoint");
		}

		@Override
		double serverCpu() {
			return this.server.cpuSeconds();
		}

	}

}
