package io.kvpurge.issues;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.ClassPathResource;

import io.kvpurge.ledger.LedgerDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * H2 commits at every change of a table. A process that was killed while it made the
 * tables of its ledger, or brought them up to date, left some of them, and no later
 * launch could open that ledger: the migration met tables that were there already.
 */
class InterruptedMigrationTests {

	@TempDir
	private Path folder;

	/** Has no migrations in it. */
	@TempDir
	private Path none;

	@ParameterizedTest
	@ValueSource(strings = { "1__spring_batch", "2__ledger", "3__attempts" })
	void aLedgerIsOpenedWhereverItsMigrationWasCutOff(String interrupted) throws Exception {
		List<String> statements = statements(interrupted);
		for (int done = 1; done <= statements.size(); done++) {
			Path file = this.folder.resolve(interrupted + done);
			leave(file, Integer.parseInt(interrupted.substring(0, 1)), statements.subList(0, done), false);
			assertOpens(file);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "1__spring_batch", "2__ledger", "3__attempts" })
	void aLedgerIsOpenedAfterItsMigrationFailedOnAFullDisk(String interrupted) throws Exception {
		Path file = this.folder.resolve(interrupted);
		leave(file, Integer.parseInt(interrupted.substring(0, 1)), statements(interrupted).subList(0, 2), true);
		assertOpens(file);
	}

	private static List<String> statements(String interrupted) throws IOException {
		String script = new ClassPathResource("schema/h2/V" + interrupted + ".sql")
			.getContentAsString(StandardCharsets.UTF_8);
		return Arrays.stream(script.replaceAll("(?m)^--.*$", "").split(";\\s*\n"))
			.filter((statement) -> !statement.isBlank())
			.toList();
	}

	/** What a process leaves that comes so far. */
	private void leave(Path file, int version, List<String> statements, boolean failed) throws SQLException {
		String url = "jdbc:h2:file:" + file;
		FluentConfiguration flyway = Flyway.configure().dataSource(url, "kvpurge", "");
		if (version == 1) {
			flyway.locations("filesystem:" + this.none).load().migrate();
		}
		else {
			flyway.locations("classpath:schema/h2").target(Integer.toString(version - 1)).load().migrate();
		}
		try (Connection connection = DriverManager.getConnection(url, "kvpurge", "");
				Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
			if (failed) {
				statement.execute("""
						insert into "flyway_schema_history" ("installed_rank", "version", "description", "type",
							"script", "checksum", "installed_by", "execution_time", "success")
						values (%d, '%d', 'failed', 'SQL', 'V.sql', 1, 'kvpurge', 0, false)""".formatted(version,
						version));
			}
		}
	}

	private static void assertOpens(Path file) {
		try (LedgerDatabase database = LedgerDatabase.openFile(file, Clock.systemUTC())) {
			assertThat(database.ledger().definitions()).as(file.toString()).isEmpty();
		}
	}

}
