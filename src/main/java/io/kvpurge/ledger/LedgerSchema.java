package io.kvpurge.ledger;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The tables of ledger and job repository, as the folder {@code schema} has them. Flyway
 * makes and changes them. It takes longer to load than most commands do to work, so it is
 * left alone where it would find nothing to do, and for a new embedded database, which
 * one script brings to where all migrations would.
 */
final class LedgerSchema {

	/** As Flyway writes them down, in the order of the versions, which begin with 1. */
	private static final Map<String, List<Integer>> CHECKSUMS = Map.of("h2",
			List.of(-1357183182, 717877925, -1036820759, 1849570334, 2028184943, 165127306, 545959758, -1493367688,
					-564951585),
			"postgresql", List.of(1086575383, 1898602515, 218100834, 1849570334, 2028184943, 1815758303, 545959758,
					-518067953, -359257271));

	/** Flyway's own table. */
	private static final String HISTORY = "flyway_schema_history";

	private static final String NEW_LEDGER = "classpath:schema/h2.sql";

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
		if (!isUpToDate(dataSource, folder)) {
			Flyway flyway = flyway(dataSource, folder);
			migrate(flyway, flyway::info, location);
		}
	}

	/** Whether exactly those migrations were applied that this version knows. */
	static boolean isUpToDate(DataSource dataSource, String folder) {
		List<Integer> checksums = Objects.requireNonNull(CHECKSUMS.get(folder), folder);
		List<Applied> all = IntStream.range(0, checksums.size())
			.mapToObj((i) -> new Applied(String.valueOf(i + 1), checksums.get(i), true))
			.toList();
		try {
			return applied(dataSource).equals(all);
		}
		catch (DataAccessException ex) {
			return false; // There are none, or Flyway will say what is wrong.
		}
	}

	/** What Flyway has written down. */
	static List<Applied> applied(DataSource dataSource) {
		return JdbcClient.create(dataSource)
			.sql("""
					select "version", "checksum", "success" from "%s"
					where "version" is not null
					order by "installed_rank"
					""".formatted(HISTORY))
			.query((row, index) -> new Applied(row.getString(1), row.getInt(2), row.getBoolean(3)))
			.list();
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
			if (isUpToDate(dataSource, "h2")) {
				return;
			}
			List<String> tables = tables(dataSource);
			if (tables.isEmpty()) {
				migration.run(() -> create(dataSource));
				return;
			}
			Flyway flyway = flyway(dataSource, "h2");
			MigrationInfoService info = flyway.info();
			boolean isForeign = info.current() == null && !tables.equals(List.of(HISTORY));
			if (isForeign || info.pending().length == 0) {
				migrate(flyway, () -> info, location); // Which changes nothing.
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

	private static List<String> tables(DataSource dataSource) {
		return JdbcClient.create(dataSource)
			.sql("select table_name from information_schema.tables where table_schema = 'PUBLIC'")
			.query(String.class)
			.list();
	}

	/** Makes the tables in a database of H2 that has none. */
	static void create(DataSource dataSource) {
		JdbcClient.create(dataSource).sql("runscript from '" + NEW_LEDGER + "'").update();
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

	/** A migration, as Flyway writes it down. */
	record Applied(String version, int checksum, boolean success) {

	}

}
