package io.kvpurge.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.h2.api.ErrorCode;

/**
 * The database of ledger and job repository, opened and brought up to date. An embedded
 * one is opened by one process at a time: to have it open is to own its runs.
 */
public final class LedgerDatabase implements AutoCloseable {

	private static final int CONNECTIONS = 24;

	private final HikariDataSource dataSource;

	private final DeletionLedger ledger;

	private final String location;

	private LedgerDatabase(HikariDataSource dataSource, String location, Clock clock) {
		this.dataSource = dataSource;
		this.location = location;
		this.ledger = new JdbcDeletionLedger(dataSource, clock);
	}

	/**
	 * Opens the embedded database, and makes it where there is none.
	 * @param file its file without the suffix
	 * @throws DatabaseBusyException if another process has it open
	 * @throws LedgerException if it cannot be read or written
	 */
	public static LedgerDatabase openFile(Path file, Clock clock) {
		Path path = file.toAbsolutePath();
		try {
			Files.createDirectories(path.getParent());
		}
		catch (IOException ex) {
			throw new LedgerException("cannot write to " + path.getParent() + ": name another home with --home", ex);
		}
		// Without WRITE_DELAY=0 a killed process loses what it committed in its last half
		// second; DB_CLOSE_ON_EXIT would close the database under a run that is stopping.
		return open("jdbc:h2:file:" + path + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE", "kvpurge", "", "h2",
				path + ".mv.db", clock);
	}

	/** Opens a PostgreSQL database that is empty or kvpurge's. */
	static LedgerDatabase openPostgresql(String url, String user, String password, Clock clock) {
		return open(url, user, password, "postgresql", url, clock);
	}

	private static LedgerDatabase open(String url, String user, String password, String schema, String location,
			Clock clock) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(url);
		config.setUsername(user);
		config.setPassword(password);
		config.setMaximumPoolSize(CONNECTIONS);
		config.setMinimumIdle(1);
		config.setInitializationFailTimeout(-1);
		config.setPoolName("ledger");
		HikariDataSource dataSource = new HikariDataSource(config);
		try {
			connect(dataSource, url, user, password, location);
			Flyway.configure().dataSource(dataSource).locations("classpath:schema/" + schema).load().migrate();
			return new LedgerDatabase(dataSource, location, clock);
		}
		catch (FlywayException ex) {
			dataSource.close();
			throw new LedgerException("the database " + location + " is not kvpurge's, or of a newer version: "
					+ String.valueOf(ex.getMessage()).lines().findFirst().orElse(""), ex);
		}
		catch (RuntimeException ex) {
			dataSource.close();
			throw ex;
		}
	}

	/** By the driver and not the pool, which would try again for half a minute. */
	private static void connect(DataSource pool, String url, String user, String password, String location) {
		try (Connection connection = java.sql.DriverManager.getConnection(url, user, password)) {
			if (!connection.isValid(10)) {
				throw new SQLException("the connection is not valid");
			}
			// Holds the embedded database open until the pool has a connection of its
			// own.
			pool.getConnection().close();
		}
		catch (SQLException ex) {
			if (ex.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1) {
				throw new DatabaseBusyException("another process has " + location + " open");
			}
			throw new LedgerException("cannot open the database " + location + ": "
					+ String.valueOf(ex.getMessage()).lines().findFirst().orElse(""), ex);
		}
	}

	/** For the job repository, which stands beside the ledger. */
	public DataSource dataSource() {
		return this.dataSource;
	}

	public DeletionLedger ledger() {
		return this.ledger;
	}

	/** Where it is, for people; without secrets. */
	public String location() {
		return this.location;
	}

	@Override
	public void close() {
		this.dataSource.close();
	}

}
