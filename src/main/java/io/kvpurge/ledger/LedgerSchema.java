package io.kvpurge.ledger;

import java.util.Arrays;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationState;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tables of ledger and job repository, as the folder {@code schema} has them. */
final class LedgerSchema {

	private LedgerSchema() {
	}

	/**
	 * Makes the tables, or brings them up to date.
	 * @param folder for which database
	 * @param location where that is, for messages
	 * @throws LedgerException if the database belongs to a newer version, or to others
	 */
	static void migrate(DataSource dataSource, String folder, String location) {
		try {
			Flyway flyway = Flyway.configure().dataSource(dataSource).locations("classpath:schema/" + folder).load();
			boolean isNewer = Arrays.stream(flyway.info().all())
				.anyMatch((migration) -> migration.getState() == MigrationState.FUTURE_SUCCESS
						|| migration.getState() == MigrationState.FUTURE_FAILED);
			if (isNewer) {
				throw new LedgerException("the database " + location + " belongs to a newer version of kvpurge");
			}
			forgetFailures(flyway, dataSource);
			flyway.migrate();
		}
		catch (FlywayException ex) {
			throw new LedgerException("the database " + location
					+ " has tables that are not kvpurge's, or other ones than it made: " + firstLine(ex), ex);
		}
	}

	/**
	 * A migration that failed half-way, on a full disk for instance, is begun anew. Where
	 * changes of tables are not taken back (H2), its statements pass over what is there.
	 */
	private static void forgetFailures(Flyway flyway, DataSource dataSource) {
		if (Arrays.stream(flyway.info().all()).anyMatch((migration) -> migration.getState() == MigrationState.FAILED)) {
			JdbcClient.create(dataSource)
				.sql("delete from \"flyway_schema_history\" where \"success\" = false")
				.update();
		}
	}

	private static String firstLine(Exception ex) {
		return String.valueOf(ex.getMessage()).lines().findFirst().orElse("");
	}

}
