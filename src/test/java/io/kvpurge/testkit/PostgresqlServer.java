package io.kvpurge.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import io.kvpurge.ledger.PostgresqlAddress;
import io.kvpurge.ledger.PostgresqlLedgers;

/**
 * One real PostgreSQL server for all tests of this process, started when the first asks.
 * It does not sync: tests kill clients, never the machine.
 */
public final class PostgresqlServer {

	/** Its superuser, who needs no password. */
	public static final String USER = "postgres";

	private static final AtomicInteger databases = new AtomicInteger();

	private PostgresqlServer() {
	}

	/**
	 * The URL, user included, of a new database that is sorted by the server's locale.
	 */
	public static String newDatabaseUrl() {
		return newDatabaseUrl("");
	}

	/**
	 * The URL, user included, of a new database.
	 * @param clause what follows the name in {@code create database}, a locale say
	 */
	public static String newDatabaseUrl(String clause) {
		String database = "test" + databases.incrementAndGet();
		try (Connection connection = Server.RUNNING.getPostgresDatabase().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("create database " + database + " " + clause);
		}
		catch (SQLException ex) {
			throw new IllegalStateException("cannot make a database", ex);
		}
		return Server.RUNNING.getJdbcUrl(USER, database);
	}

	/**
	 * The URL, user included, of a new database that has the tables of a ledger: copied,
	 * as they take longer to make than most tests.
	 */
	public static String newLedgerUrl() {
		String url = newDatabaseUrl("template " + Template.DATABASE);
		try (Connection connection = DriverManager.getConnection(url);
				Statement statement = connection.createStatement()) {
			// Each ledger has a queue of its own.
			statement.execute("update purge_queue set name = 'kvpurge.' || gen_random_uuid()");
		}
		catch (SQLException ex) {
			throw new IllegalStateException("cannot make a ledger", ex);
		}
		return url;
	}

	/** What those are doing who are connected to the database of this URL. */
	public static List<String> sessions(String url) {
		List<String> sessions = new ArrayList<>();
		try (Connection connection = Server.RUNNING.getPostgresDatabase().getConnection();
				PreparedStatement statement = connection
					.prepareStatement("select state || ': ' || query from pg_stat_activity where datname = ?")) {
			statement.setString(1, database(url));
			try (ResultSet rows = statement.executeQuery()) {
				while (rows.next()) {
					sessions.add(rows.getString(1));
				}
			}
			return sessions;
		}
		catch (SQLException ex) {
			throw new IllegalStateException("cannot ask who is connected", ex);
		}
	}

	/** Where the server listens on this machine. */
	public static int port() {
		return Server.RUNNING.getPort();
	}

	/** The name of the database of this URL. */
	private static String database(String url) {
		return url.replaceFirst("[?].*", "").replaceFirst(".*/", "");
	}

	/** A database with the tables of a ledger, to which nobody is connected. */
	private static final class Template {

		static final String DATABASE = make();

		private static String make() {
			String url = newDatabaseUrl();
			PostgresqlLedgers.open(PostgresqlAddress.of(url, null, null), Clock.systemUTC()).close();
			return database(url);
		}

	}

	/** Holds the server: loaded, and by that started, at its first use. */
	private static final class Server {

		static final EmbeddedPostgres RUNNING = start();

		private static EmbeddedPostgres start() {
			try {
				EmbeddedPostgres server = EmbeddedPostgres.builder()
					.setServerConfig("fsync", "off")
					.setServerConfig("full_page_writes", "off")
					.setServerConfig("synchronous_commit", "off")
					.setServerConfig("max_connections", "200")
					.start();
				Runtime.getRuntime().addShutdownHook(new Thread(() -> close(server)));
				return server;
			}
			catch (IOException ex) {
				throw new UncheckedIOException("cannot start PostgreSQL", ex);
			}
		}

		private static void close(EmbeddedPostgres server) {
			try {
				server.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
