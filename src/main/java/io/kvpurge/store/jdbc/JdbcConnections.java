package io.kvpurge.store.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Properties;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.h2.api.ErrorCode;

import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.StoreOptions;

/** The connections to a database, and what kind of database it is. */
final class JdbcConnections implements AutoCloseable {

	private static final int MOST = 32;

	private static final int CONNECT_SECONDS = 10;

	private final HikariDataSource pool;

	private final Dialect dialect;

	private final JdbcUrl url;

	private final Duration requestTimeout;

	private JdbcConnections(HikariDataSource pool, Dialect dialect, JdbcUrl url, Duration requestTimeout) {
		this.pool = pool;
		this.dialect = dialect;
		this.url = url;
		this.requestTimeout = requestTimeout;
	}

	/**
	 * Opens the database.
	 * @param create whether to make an embedded database that is missing
	 * @throws InvalidStoreException if it is none that this adapter knows
	 * @throws StoreException if it cannot be reached
	 */
	static JdbcConnections open(StoreOptions options, boolean create) {
		JdbcUrl url = new JdbcUrl(options.text("url"));
		Dialect dialect = Dialect.of(url);
		String opened = dialect.openUrl(url.text(), create);
		Properties properties = new Properties();
		String username = options.optionalText("username");
		String password = options.optionalText("password");
		// Only what is given: the URL may name them too, and an empty text would win.
		if (username != null) {
			properties.setProperty("user", username);
		}
		if (password != null) {
			properties.setProperty("password", password);
		}
		requireDriver(url, opened);
		// The first connection is the driver's: a pool would try again for half a minute.
		DriverManager.setLoginTimeout(CONNECT_SECONDS);
		try (Connection first = DriverManager.getConnection(opened, properties)) {
			if (!first.isValid(CONNECT_SECONDS)) {
				throw new SQLException("the connection is not valid");
			}
			// An embedded database stays open from the first connection to the pool's
			// own.
			return new JdbcConnections(pool(config(opened, properties, dialect)), dialect, url,
					options.requestTimeout());
		}
		catch (SQLException ex) {
			throw cannotOpen(url, ex);
		}
	}

	private static void requireDriver(JdbcUrl url, String opened) {
		try {
			DriverManager.getDriver(opened);
		}
		catch (SQLException ex) {
			throw new InvalidStoreException(
					"store: 'url' is " + url + ", which its driver cannot read: check host, port and database");
		}
	}

	private static HikariDataSource pool(HikariConfig config) throws SQLException {
		HikariDataSource pool = new HikariDataSource(config);
		try {
			pool.getConnection().close();
			return pool;
		}
		catch (SQLException ex) {
			pool.close();
			throw ex;
		}
	}

	private static StoreException cannotOpen(JdbcUrl url, SQLException ex) {
		if (ex.getErrorCode() == ErrorCode.DATABASE_NOT_FOUND_WITH_IF_EXISTS_1) {
			return new InvalidStoreException(
					"store: there is no database at " + url + "; check 'url' ('kvpurge load' makes a missing one)");
		}
		if (ex.getErrorCode() == ErrorCode.URL_RELATIVE_TO_CWD) {
			return new InvalidStoreException("store: 'url' is " + url
					+ ", but a file begins with '/', '~/' or './', so that nobody mistakes where it is");
		}
		return new StoreException("store: cannot connect to " + url + ": " + url.redact(JdbcFailures.line(ex)));
	}

	private static HikariConfig config(String url, Properties properties, Dialect dialect) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(url);
		config.setUsername(properties.getProperty("user"));
		config.setPassword(properties.getProperty("password"));
		config.setMaximumPoolSize(MOST);
		config.setMinimumIdle(0);
		config.setInitializationFailTimeout(-1);
		config.setConnectionTimeout(Duration.ofSeconds(30).toMillis());
		config.setPoolName("store");
		dialect.driverProperties().forEach(config::addDataSourceProperty);
		return config;
	}

	Connection connection() throws SQLException {
		return this.pool.getConnection();
	}

	/**
	 * Takes back what a failed transaction did.
	 * @throws SQLException if there is no way on with this connection: for a passing
	 * reason, since a failed rollback means a lost connection, and nothing else
	 */
	static void rollback(Connection connection, Exception cause) throws SQLException {
		try {
			connection.rollback();
		}
		catch (SQLException ex) {
			cause.addSuppressed(ex);
			if (cause instanceof SQLException failure && JdbcFailures.isConnection(failure)) {
				throw failure;
			}
			throw new SQLTransientConnectionException("the connection was lost: " + JdbcFailures.line(ex), "08006",
					cause);
		}
	}

	/** How long a statement may take, at least a second. */
	int requestSeconds() {
		return (int) Math.max(1, Math.min(this.requestTimeout.toSeconds(), Integer.MAX_VALUE));
	}

	/** Ends a transaction, just begun, in which nothing is said for that long. */
	void limitSilence(Connection connection) throws SQLException {
		this.dialect.limitSilence(connection, this.requestTimeout);
	}

	/** How long after a delete was begun its outcome may still change. */
	Duration settleDelay() {
		return this.dialect.outlivesClients(this.url) ? this.requestTimeout : Duration.ZERO;
	}

	Dialect dialect() {
		return this.dialect;
	}

	/** For messages: has no secrets. */
	JdbcUrl url() {
		return this.url;
	}

	@Override
	public void close() {
		this.pool.close();
	}

}
