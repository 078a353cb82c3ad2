package io.kvpurge.issues;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;

import org.junit.jupiter.api.Test;

import io.kvpurge.ledger.PostgresqlAddress;
import io.kvpurge.ledger.PostgresqlLedgers;
import io.kvpurge.testkit.PostgresqlServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process was killed after the tables of a migration were committed in PostgreSQL, and
 * before it was written down that they were. No launch could open the database from then
 * on.
 */
class HalfWrittenMigrationTests {

	@Test
	void tablesAndWhatIsWrittenDownOfThemAreOneTransaction() throws SQLException {
		String url = PostgresqlServer.newDatabaseUrl();
		PostgresqlLedgers.open(PostgresqlAddress.of(url, null, null), Clock.systemUTC()).close();
		for (String made : new String[] { "1 batch_job_instance", "2 purge_definition", "3 purge_hold" }) {
			assertThat(transactions(url, made.substring(0, 1), made.substring(2))).as(made).isOne();
		}
	}

	/** In how many transactions a table and the line on its migration were written. */
	private static int transactions(String url, String version, String table) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url);
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("""
						select count(distinct x) from (
							select xmin::text x from flyway_schema_history where version = '%s'
							union all select xmin::text from pg_class where relname = '%s') t""".formatted(version,
						table))) {
			row.next();
			return row.getInt(1);
		}
	}

}
