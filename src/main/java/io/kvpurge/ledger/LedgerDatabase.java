package io.kvpurge.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.h2.api.ErrorCode;

/**
 * The database of ledger and job repository, opened and brought up to date. An embedded
 * one is opened once at a time, by one process: to have it open is to own its runs. For a
 * shared one see {@link PostgresqlLedgers}.
 */
public final class LedgerDatabase implements AutoCloseable {

	/**
	 * With two of them, H2 may write a file in which one table shows a transaction and
	 * another does not: it writes its tables one after the other, and only whoever
	 * commits waits meanwhile. A process that is killed then leaves calls that its ranges
	 * do not count.
	 */
	private static final int CONNECTIONS = 1;

	/** While the tables are made. */
	private static final int MOST_CONNECTIONS = 8;

	/** A transaction may have to wait for a large one, of a prune or an export. */
	private static final Duration PATIENCE = Duration.ofMinutes(5);

	/** H2 keeps other processes out, but would share the file within this one. */
	private static final Set<String> OPEN = ConcurrentHashMap.newKeySet();

	private static final String USER = "kvpurge";

	private final DataSource dataSource;

	private final DeletionLedger ledger;

	private final String location;

	private final Predicate<String> ownedElsewhere;

	private final Runnable closing;

	/**
	 * @param ownedElsewhere tells whether another process owns a definition in it
	 * @param closing gives back what owning the database took
	 */
	LedgerDatabase(DataSource dataSource, DeletionLedger ledger, String location, Predicate<String> ownedElsewhere,
			Runnable closing) {
		this.dataSource = dataSource;
		this.location = location;
		this.ledger = ledger;
		this.ownedElsewhere = ownedElsewhere;
		this.closing = closing;
	}

	/**
	 * Opens the embedded database, and makes it where there is none.
	 * @param file its file without the suffix
	 * @throws DatabaseBusyException if it is open already, here or in another process
	 * @throws LedgerException if it cannot be read or written
	 */
	public static LedgerDatabase openFile(Path file, Clock clock) {
		Path folder = folder(file.toAbsolutePath().normalize());
		String path = folder.resolve(file.getFileName()).toString();
		if (path.contains(";")) {
			throw new LedgerException("cannot use " + path + ": H2 takes no ';' in a path");
		}
		String location = path + ".mv.db";
		if (!OPEN.add(location)) {
			throw new DatabaseBusyException("this process has " + location + " open already");
		}
		try {
			// Without WRITE_DELAY=0 a killed process loses what it committed in its last
			// half second; DB_CLOSE_ON_EXIT would close the database under a run that is
			// stopping.
			return open("jdbc:h2:file:" + path + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE", path, location, clock);
		}
		catch (RuntimeException ex) {
			OPEN.remove(location);
			throw ex;
		}
	}

	/** The folder of the file, under the one name that it has. */
	private static Path folder(Path file) {
		Path folder = file.resolveSibling("");
		try {
			return Files.createDirectories(folder).toRealPath();
		}
		catch (IOException ex) {
			throw new LedgerException("cannot write to " + folder + ": name another home with --home", ex);
		}
	}

	private static LedgerDatabase open(String url, String path, String location, Clock clock) {
		// By the driver first: the pool would try again for half a minute.
		Connection holder = connect(url, location);
		// Nobody else is there yet. Constraints belong to the connection that makes them,
		// as long as the database is open.
		HikariDataSource making = pool(url, MOST_CONNECTIONS);
		try {
			LedgerSchema.migrateFile(making, path, location);
			HikariDataSource pool = pool(url, CONNECTIONS);
			return new LedgerDatabase(pool, new JdbcDeletionLedger(pool, null, clock), location, (definition) -> false,
					() -> {
						pool.close();
						making.close();
						close(holder);
						OPEN.remove(location);
					});
		}
		catch (RuntimeException ex) {
			making.close();
			close(holder);
			throw ex;
		}
	}

	private static Connection connect(String url, String location) {
		try {
			Connection connection = DriverManager.getConnection(url, USER, "");
			if (connection.isReadOnly()) {
				close(connection);
				throw new LedgerException("cannot write to " + location);
			}
			return connection;
		}
		catch (SQLException ex) {
			if (ex.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1) {
				throw new DatabaseBusyException("another process has " + location + " open");
			}
			throw new LedgerException("cannot open the database " + location + ": " + LedgerException.firstLine(ex),
					ex);
		}
	}

	private static HikariDataSource pool(String url, int connections) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(url);
		config.setUsername(USER);
		config.setPassword("");
		config.setMaximumPoolSize(connections);
		config.setMinimumIdle(1);
		config.setIdleTimeout(0);
		config.setMaxLifetime(0);
		config.setConnectionTimeout(PATIENCE.toMillis());
		config.setPoolName("ledger");
		return new HikariDataSource(config);
	}

	/** For the job repository, which stands beside the ledger. */
	public DataSource dataSource() {
		return this.dataSource;
	}

	public DeletionLedger ledger() {
		return this.ledger;
	}

	/**
	 * Whether another process is running a definition now. If not, a run of it that says
	 * that it is running was cut off.
	 */
	public boolean isOwnedElsewhere(String definition) {
		return this.ownedElsewhere.test(definition);
	}

	/** Where it is, for people; without secrets. */
	public String location() {
		return this.location;
	}

	/**
	 * Makes the file of an embedded database as small as what is in it; only
	 * {@link #close} may follow.
	 */
	public void compact() {
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			if (connection.getMetaData().getDatabaseProductName().equals("H2")) {
				statement.execute("shutdown compact");
			}
		}
		catch (SQLException ex) {
			if (ex.getErrorCode() == ErrorCode.DATABASE_CALLED_AT_SHUTDOWN
					|| ex.getErrorCode() == ErrorCode.DATABASE_IS_CLOSED) {
				return; // It is done: the connection by which it was asked for is closed
						// too.
			}
			throw new LedgerException(
					"cannot compact the database " + this.location + ": " + LedgerException.firstLine(ex), ex);
		}
	}

	@Override
	public void close() {
		this.closing.run();
	}

	private static void close(Connection connection) {
		try {
			connection.close();
		}
		catch (SQLException ex) {
			// It is broken: the server, or the lock of the file, is gone already.
		}
	}

}
