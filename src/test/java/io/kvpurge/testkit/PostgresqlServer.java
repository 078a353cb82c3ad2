package io.kvpurge.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * A real PostgreSQL, started when the first test asks for it and stopped with the JVM.
 */
public final class PostgresqlServer {

	/** Its superuser, who needs no password. */
	public static final String USER = "postgres";

	private static final AtomicInteger DATABASES = new AtomicInteger();

	private PostgresqlServer() {
	}

	/** The JDBC URL of a new and empty database; it names user and (empty) password. */
	public static String newDatabase() {
		String name = "test_" + DATABASES.incrementAndGet();
		try (Connection connection = Holder.SERVER.getPostgresDatabase().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("create database " + name);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
		return Holder.SERVER.getJdbcUrl(USER, name);
	}

	/** Started on first use. */
	private static final class Holder {

		private static final EmbeddedPostgres SERVER = start();

		private static EmbeddedPostgres start() {
			try {
				return EmbeddedPostgres.builder().start();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
