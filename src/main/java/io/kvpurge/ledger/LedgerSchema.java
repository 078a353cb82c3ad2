package io.kvpurge.ledger;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tables of ledger and job repository, as the folder {@code schema} has them. */
final class LedgerSchema {

	/** PostgreSQL's word for it. */
	private static final String INSUFFICIENT_PRIVILEGE = "42501";

	private LedgerSchema() {
	}

	/**
	 * Makes the tables, or brings them up to date.
	 * @param folder for which database
	 * @param location where that is, for messages
	 * @throws LedgerException if the database belongs to a newer version, or to others
	 */
	static void migrate(DataSource dataSource, String folder, String location) {
		Flyway flyway = flyway(dataSource, folder);
		migrate(flyway, flyway::info, location);
	}

	private static void migrate(Flyway flyway, Supplier<MigrationInfoService> info, String location) {
		try {
			refuseNewer(info.get(), location);
			flyway.migrate();
		}
		catch (FlywayException ex) {
			if (isForbidden(ex)) {
				throw new LedgerException(
						"the tables in the database " + location + " are not up to date, and this user"
								+ " may not change them: launch 'kvpurge status' once as their owner",
						ex);
			}
			throw new LedgerException(
					"the database " + location + " has tables that are not kvpurge's, or other ones than it made: "
							+ LedgerException.firstLine(ex),
					ex);
		}
	}

	/** Flyway itself passes over migrations that it does not know. */
	private static void refuseNewer(MigrationInfoService info, String location) {
		Arrays.stream(info.applied())
			.filter((migration) -> migration.getState() == MigrationState.FUTURE_SUCCESS
					|| migration.getState() == MigrationState.FUTURE_FAILED)
			.reduce((first, second) -> second)
			.ifPresent((newest) -> {
				throw new LedgerException("the database " + location + " belongs to a newer version of kvpurge: "
						+ "its schema is " + newest.getVersion() + ", and this version knows those up to "
						+ newestKnown(info) + "; launch the newer version");
			});
	}

	private static boolean isForbidden(FlywayException failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException sql && INSUFFICIENT_PRIVILEGE.equals(sql.getSQLState())) {
				return true;
			}
		}
		return false;
	}

	private static String newestKnown(MigrationInfoService info) {
		return Arrays.stream(info.all())
			.filter((migration) -> migration.getState() == MigrationState.SUCCESS
					|| migration.getState() == MigrationState.PENDING)
			.map((migration) -> String.valueOf(migration.getVersion()))
			.reduce("none", (first, second) -> second);
	}

	/**
	 * As {@link #migrate}, for an embedded database: all of it or nothing.
	 * @param database its file without the suffix
	 * @throws LedgerException if it cannot be written to, too
	 */
	static void migrateFile(DataSource dataSource, String database, String location) {
		RestorableMigration migration = new RestorableMigration(dataSource, database);
		try {
			migration.restore();
			Flyway flyway = flyway(dataSource, "h2");
			MigrationInfoService info = flyway.info();
			if (isUpToDateOrForeign(info, dataSource)) {
				migrate(flyway, () -> info, location);
			}
			else {
				migration.run(() -> migrate(flyway, () -> info, location));
			}
		}
		catch (IOException | SQLException | FlywayException ex) {
			throw new LedgerException(
					"cannot bring the database " + location + " up to date: " + LedgerException.firstLine(ex), ex);
		}
	}

	/** Then a migration changes nothing. */
	private static boolean isUpToDateOrForeign(MigrationInfoService info, DataSource dataSource) {
		boolean hasTables = JdbcClient.create(dataSource)
			.sql("select count(*) from information_schema.tables where table_schema = 'PUBLIC'"
					+ " and table_name <> 'flyway_schema_history'")
			.query(Integer.class)
			.single() > 0;
		return info.pending().length == 0 || (info.current() == null && hasTables);
	}

	private static Flyway flyway(DataSource dataSource, String folder) {
		// A lock of the session in place of one of a transaction: only then Flyway writes
		// down that a migration is done in the transaction that does it.
		return Flyway.configure()
			.configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
			.dataSource(dataSource)
			.locations("classpath:schema/" + folder)
			.load();
	}

}
