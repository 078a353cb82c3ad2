package io.kvpurge.issues;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;
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
		List<String> statements = statements("h2/V" + interrupted + ".sql");
		for (int done = 1; done <= statements.size(); done++) {
			Path file = this.folder.resolve(interrupted + done);
			leave(file, Integer.parseInt(interrupted.substring(0, 1)), statements.subList(0, done));
			assertOpens(file);
			assertOpens(file);
			assertThat(this.folder).isDirectoryNotContaining("glob:**.sql");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 7, 20, 40 })
	void aNewLedgerIsOpenedWhereverItsMakingWasCutOff(int done) throws Exception {
		Path file = this.folder.resolve("ledger");
		List<String> statements = statements("h2.sql");
		assertThat(statements).hasSizeGreaterThan(done);
		execute("jdbc:h2:file:" + file, file, statements.subList(0, done));
		assertOpens(file);
		assertOpens(file);
		assertThat(this.folder).isDirectoryNotContaining("glob:**.sql");
	}

	@Test
	void whatStoodInALedgerIsThereAfterItsMigrationWasCutOff() throws Exception {
		Path file = this.folder.resolve("ledger");
		leave(file, 3, statements("h2/V3__attempts.sql"));
		try (Connection connection = DriverManager.getConnection("jdbc:h2:file:" + file, "kvpurge", "");
				Statement statement = connection.createStatement()) {
			statement.execute("delete from purge_definition");
			statement.execute("insert into purge_hold values ('*', 'of a migration half done')");
		}
		try (LedgerDatabase database = LedgerDatabase.openFile(file, Clock.systemUTC());
				Connection connection = database.dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			assertThat(first(statement, "select name from purge_definition")).isEqualTo("kept");
			assertThat(first(statement, "select count(*) from purge_hold")).isEqualTo("0");
		}
	}

	private static String first(Statement statement, String sql) throws SQLException {
		try (ResultSet row = statement.executeQuery(sql)) {
			row.next();
			return row.getString(1);
		}
	}

	private static List<String> statements(String script) throws IOException {
		String text = new ClassPathResource("schema/" + script).getContentAsString(StandardCharsets.UTF_8);
		return Arrays.stream(text.replaceAll("(?m)^--.*$", "").split(";\\s*\n"))
			.filter((statement) -> !statement.isBlank())
			.toList();
	}

	/** What a process leaves that comes so far. */
	private void leave(Path file, int version, List<String> statements) throws SQLException {
		String url = "jdbc:h2:file:" + file;
		FluentConfiguration flyway = Flyway.configure().dataSource(url, "kvpurge", "");
		if (version == 1) {
			flyway.locations("filesystem:" + this.none).load().migrate();
		}
		else {
			flyway.locations("classpath:schema/h2").target(Integer.toString(version - 1)).load().migrate();
		}
		if (version > 2) {
			try (Connection connection = DriverManager.getConnection(url, "kvpurge", "");
					Statement statement = connection.createStatement()) {
				statement.execute("insert into purge_definition values ('digest', 'kept', 'text', now())");
			}
		}
		execute(url, file, statements);
	}

	private static void execute(String url, Path file, List<String> statements) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url, "kvpurge", "");
				Statement statement = connection.createStatement()) {
			statement.execute("script to '" + file + ".before-migration.sql'");
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
	}

	private static void assertOpens(Path file) {
		try (LedgerDatabase database = LedgerDatabase.openFile(file, Clock.systemUTC())) {
			assertThat(database.ledger().definitions()).as(file.toString()).isEmpty();
		}
	}

}
