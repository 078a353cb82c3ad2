package io.kvpurge.ledger;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Properties;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The ledgers of all definitions in one PostgreSQL database, which several hosts share.
 * Each definition is owned by one process at a time.
 */
public final class PostgresqlLedgers implements AutoCloseable {

	private static final int CONNECTIONS = 24;

	/** The first version that ends a session which was silent for too long. */
	private static final int OLDEST_VERSION = 14;

	/**
	 * A process that is frozen within a transaction must not keep others from the run. A
	 * server that is set to lose commits in a crash is not believed in that.
	 */
	private static final String SESSION = """
			select set_config('idle_in_transaction_session_timeout', '%d', false),
				case when current_setting('synchronous_commit') = 'off'
					then set_config('synchronous_commit', 'on', false) end""";

	/** A minute is what others wait at most for the run of a process that fell silent. */
	private static final Duration SILENCE = Duration.ofSeconds(20);

	private final PostgresqlAddress address;

	private final HikariDataSource dataSource;

	private final JdbcClient jdbc;

	private final Duration silence;

	private final Clock clock;

	private PostgresqlLedgers(PostgresqlAddress address, HikariDataSource dataSource, Duration silence, Clock clock) {
		this.address = address;
		this.silence = silence;
		this.dataSource = dataSource;
		this.jdbc = JdbcClient.create(dataSource);
		this.clock = clock;
	}

	/**
	 * Connects, and brings the database up to date.
	 * @throws LedgerException if it cannot be reached, is too old, has tables that are
	 * not kvpurge's, or stands behind a pooler that hands sessions around
	 */
	public static PostgresqlLedgers open(PostgresqlAddress address, Clock clock) {
		return open(address, SILENCE, clock);
	}

	/**
	 * As {@link #open(PostgresqlAddress, Clock)}.
	 * @param silence how long an owner may give no sign before it loses what it owns;
	 * more than {@link DeletionLedger#PROOF_VALIDITY}
	 */
	public static PostgresqlLedgers open(PostgresqlAddress address, Duration silence, Clock clock) {
		HikariDataSource dataSource = null;
		try {
			refuseUnfit(address);
			dataSource = pool(address, silence);
			LedgerSchema.migrate(dataSource, "postgresql", address.toString());
			return new PostgresqlLedgers(address, dataSource, silence, clock);
		}
		catch (SQLException | RuntimeException ex) {
			if (dataSource != null) {
				dataSource.close();
			}
			throw failure(address, ex);
		}
	}

	/** In words for people, without secrets: drivers like to repeat the URL. */
	private static LedgerException failure(PostgresqlAddress address, Exception ex) {
		if (ex instanceof LedgerException said) {
			String message = address.redact(String.valueOf(said.getMessage()));
			return message.equals(said.getMessage()) ? said : new LedgerException(message);
		}
		String message = "cannot open the database " + address + ": " + address.redact(LedgerException.firstLine(ex));
		for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException sql && isPassing(String.valueOf(sql.getSQLState()))) {
				return new LedgerUnavailableException(message, ex);
			}
		}
		return new LedgerException(message, ex);
	}

	/** No connection, no connection left, or starting up and shutting down. */
	private static boolean isPassing(String state) {
		return state.startsWith("08") || state.startsWith("53") || state.startsWith("57");
	}

	private static void refuseUnfit(PostgresqlAddress address) throws SQLException {
		try (Connection one = connect(address, "10"); Connection other = connect(address, "10")) {
			if (one.getMetaData().getDatabaseMajorVersion() < OLDEST_VERSION) {
				throw new LedgerException(
						"the database " + address + " is PostgreSQL " + one.getMetaData().getDatabaseProductVersion()
								+ ": " + OLDEST_VERSION + " or later is needed");
			}
			// While another session is in a transaction, a pooler that hands sessions
			// around has to serve this one by a third.
			int mine = backend(one);
			other.setAutoCommit(false);
			int others = backend(other);
			if (mine == others || mine != backend(one)) {
				throw new LedgerException("the database " + address + " stands behind a pooler that hands sessions "
						+ "around (as PgBouncer does in transaction mode): kvpurge owns its runs by a session, so "
						+ "name the server itself, or a pool in session mode");
			}
			other.rollback();
		}
	}

	private static int backend(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
			row.next();
			return row.getInt(1);
		}
	}

	private static Connection connect(PostgresqlAddress address, String socketSeconds) throws SQLException {
		return DriverManager.getConnection(address.url(), properties(address, socketSeconds));
	}

	private static Properties properties(PostgresqlAddress address, String socketSeconds) {
		Properties properties = address.credentials();
		properties.setProperty("ApplicationName", "kvpurge");
		properties.setProperty("connectTimeout", "10");
		properties.setProperty("socketTimeout", socketSeconds);
		properties.setProperty("tcpKeepAlive", "true");
		return properties;
	}

	private static HikariDataSource pool(PostgresqlAddress address, Duration silence) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(address.url());
		config.setDataSourceProperties(properties(address, "60"));
		config.setConnectionInitSql(SESSION.formatted(silence.toMillis()));
		config.setMaximumPoolSize(CONNECTIONS);
		// Where the server is gone each of several steps finds that out for itself.
		config.setConnectionTimeout(3000);
		config.setMinimumIdle(1);
		config.setPoolName("ledger");
		return new HikariDataSource(config);
	}

	/**
	 * The database, owned for a definition until it is closed.
	 * @throws DatabaseBusyException if another process, or this one, owns the definition
	 */
	public LedgerDatabase own(String definition) {
		SessionLock lock = lock(definition);
		if (lock == null) {
			throw new DatabaseBusyException("another process owns " + definition + " in " + this.address);
		}
		return new LedgerDatabase(this.dataSource,
				new JdbcDeletionLedger(this.dataSource, new DefinitionProof(lock), this.clock), this.address.toString(),
				(other) -> !other.equals(definition) && isOwned(other), lock::close);
	}

	private @Nullable SessionLock lock(String name) {
		try {
			return SessionLock.take(connect(this.address, "10"), name, this.silence);
		}
		catch (SQLException ex) {
			throw failure(this.address, ex);
		}
	}

	/** What the processes that work on a run together tell one another. */
	public RemoteRuns remoteRuns() {
		return new RemoteRuns(this.dataSource, this::lock, this.clock);
	}

	/** The database, to read what others write to it. */
	public LedgerDatabase read() {
		return new LedgerDatabase(this.dataSource, new JdbcDeletionLedger(this.dataSource, null, this.clock),
				this.address.toString(), this::isOwned, () -> {
				});
	}

	/** Whether a process owns the definition now. */
	public boolean isOwned(String definition) {
		try (Connection connection = this.dataSource.getConnection()) {
			return SessionLock.isHeld(connection, definition);
		}
		catch (SQLException ex) {
			throw new LedgerException("cannot read the database " + this.address + ": " + LedgerException.firstLine(ex),
					ex);
		}
	}

	/** The text of a hold, null if it is not set. */
	public @Nullable String hold(String name) {
		return this.jdbc.sql("select hold_text from purge_hold where name = ?")
			.param(name)
			.query(String.class)
			.optional()
			.orElse(null);
	}

	/** The names that are held, sorted. */
	public List<String> holds() {
		return this.jdbc.sql("select name from purge_hold order by name")
			.query((row, index) -> row.getString(1))
			.list();
	}

	/** Sets a hold; one that is set already stays as it is. */
	public void setHold(String name, String text) {
		this.jdbc.sql("insert into purge_hold (name, hold_text) values (?, ?) on conflict do nothing")
			.params(name, text)
			.update();
	}

	/**
	 * Lifts a hold.
	 * @return whether there was one
	 */
	public boolean liftHold(String name) {
		return this.jdbc.sql("delete from purge_hold where name = ?").param(name).update() > 0;
	}

	/** Where it is, for people; without secrets. */
	public String location() {
		return this.address.toString();
	}

	@Override
	public void close() {
		this.dataSource.close();
	}

}
