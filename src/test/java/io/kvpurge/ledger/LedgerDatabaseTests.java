package io.kvpurge.ledger;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.kvpurge.store.Guarantee;
import io.kvpurge.testkit.PostgresqlServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LedgerDatabaseTests {

	@TempDir
	Path home;

	private LedgerDatabase open(Path file) {
		return LedgerDatabase.openFile(file, Clock.systemUTC());
	}

	private static LedgerDatabase openPostgresql(String url) {
		return PostgresqlLedger.shared(url, Clock.systemUTC());
	}

	private static void execute(String url, String sql) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url);
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private void assertRefused(Path file, String message) {
		assertThatExceptionOfType(LedgerException.class).isThrownBy(() -> open(file))
			.withMessageContaining(message)
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("\n"));
	}

	@Test
	void foldersAreMade() {
		Path file = this.home.resolve("a b/ünï/ledger");
		try (LedgerDatabase database = open(file)) {
			assertThat(database.location()).endsWith("a b/ünï/ledger.mv.db");
			assertThat(Path.of(database.location())).exists();
			assertThat(database.ledger().definitions()).isEmpty();
		}
	}

	@Test
	void whatWasWrittenIsThereWhenItIsOpenedAgain() {
		Path file = this.home.resolve("ledger");
		for (int i = 1; i <= 3; i++) {
			try (LedgerDatabase database = open(file)) {
				RunFence fence = database.ledger()
					.begin(LedgerContract.identity("cache"), "name: cache", Guarantee.LIST_THEN_DELETE, true,
							LedgerContract.ORIGIN, null);
				assertThat(fence.run().number()).isEqualTo(i);
			}
		}
	}

	@Test
	void secondOpeningInTheSameProcessFindsItBusyUnderAnyName() throws IOException {
		Path file = this.home.resolve("ledger");
		Path link = Files.createSymbolicLink(this.home.resolve("link"), this.home);
		try (LedgerDatabase database = open(file)) {
			for (Path again : List.of(file, this.home.resolve("x/../ledger"), link.resolve("ledger"))) {
				assertThatExceptionOfType(DatabaseBusyException.class).isThrownBy(() -> open(again))
					.withMessageContaining(database.location());
			}
		}
		open(file).close();
	}

	@Test
	void anotherProcessFindsItBusy() throws IOException, InterruptedException {
		Path file = this.home.resolve("ledger");
		Process other = AnnouncingProcess.on(file).start();
		try (BufferedReader output = other.inputReader(StandardCharsets.UTF_8)) {
			assertThat(next(output)).isEqualTo(AnnouncingProcess.OPEN);
			assertThatExceptionOfType(DatabaseBusyException.class).isThrownBy(() -> open(file))
				.withMessageStartingWith("another process has ")
				.withMessageEndingWith("ledger.mv.db open");
		}
		finally {
			other.destroyForcibly().waitFor();
		}
		open(file).close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 40, 300 })
	void killedProcessLosesNothingThatItHadCommitted(int calls) throws IOException, InterruptedException {
		Path file = this.home.resolve("ledger");
		Process process = AnnouncingProcess.on(file).start();
		int reported = 0;
		try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
			assertThat(next(output)).isEqualTo(AnnouncingProcess.OPEN);
			for (int i = 0; i < calls; i++) {
				reported = sequence(next(output));
			}
			// Not by the Process, which would close its output unread.
			process.toHandle().destroyForcibly();
			for (String line = next(output); line != null; line = next(output)) {
				reported = sequence(line);
			}
		}
		process.waitFor();
		assertThat(reported).isGreaterThanOrEqualTo(calls);
		try (LedgerDatabase database = open(file)) {
			List<LedgerCall> unsettled = database.ledger().unsettled(new RunId("cache", 1), 1);
			assertThat(unsettled).hasSizeBetween(reported, reported + 1);
			assertThat(unsettled)
				.allSatisfy((call) -> assertThat(call.keys()).isEqualTo(AnnouncingProcess.keys(call.sequence())));
			assertThat(database.ledger().verify(new RunId("cache", 1)).problem()).isNull();
		}
	}

	/** The next line that is no log line, null at the end. */
	private static @Nullable String next(BufferedReader output) throws IOException {
		String line = output.readLine();
		while (line != null && !line.equals(AnnouncingProcess.OPEN) && !line.startsWith(AnnouncingProcess.ANNOUNCED)) {
			line = output.readLine();
		}
		return line;
	}

	private static int sequence(String line) {
		assertThat(line).startsWith(AnnouncingProcess.ANNOUNCED);
		return Integer.parseInt(line.substring(AnnouncingProcess.ANNOUNCED.length()));
	}

	@Test
	void fileInPlaceOfTheFolderIsSaidInOneLine() throws IOException {
		Path file = Files.writeString(this.home.resolve("home"), "no folder");
		assertRefused(file.resolve("ledger"), "cannot write to " + file);
		assertRefused(file.resolve("deeper/ledger"), "name another home with --home");
	}

	@Test
	void folderInPlaceOfTheFileIsSaidInOneLine() throws IOException {
		Files.createDirectories(this.home.resolve("ledger.mv.db/full"));
		assertRefused(this.home.resolve("ledger"), "cannot open the database ");
	}

	@Test
	void pathThatH2WouldReadAsSettingsIsRefused() {
		assertRefused(this.home.resolve("a;INIT=x/ledger"), "H2 takes no ';' in a path");
	}

	@Test
	void damagedFileIsSaidInOneLineAndLeftAsItIs() throws IOException {
		Path file = this.home.resolve("ledger.mv.db");
		byte[] damaged = "this is no database\n".repeat(1000).getBytes(StandardCharsets.UTF_8);
		Files.write(file, damaged);
		assertRefused(this.home.resolve("ledger"), "cannot open the database " + file.toRealPath());
		assertThat(file).hasBinaryContent(damaged);
	}

	@Test
	void newerSchemaIsRefused() throws SQLException {
		Path file = this.home.resolve("ledger");
		try (LedgerDatabase database = open(file);
				Connection connection = database.dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("""
					insert into "flyway_schema_history" select 99, '99', 'later', 'SQL', 'V99__later.sql', 1,
						"installed_by", "installed_on", 1, true from "flyway_schema_history"
					where "installed_rank" = 1""");
		}
		assertRefused(file, "ledger.mv.db belongs to a newer version of kvpurge");
	}

	@Test
	void foreignTablesAreRefused() throws SQLException {
		String url = PostgresqlServer.newDatabaseUrl();
		execute(url, "create table customers (id int)");
		assertThatExceptionOfType(LedgerException.class).isThrownBy(() -> openPostgresql(url))
			.withMessageContaining("has tables that are not kvpurge's")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("\n").doesNotContain("?"));
	}

	@Test
	void postgresqlIsSharedByProcessesAndNeverByTwoSealsAtOnce() throws Exception {
		String url = PostgresqlServer.newDatabaseUrl();
		try (LedgerDatabase one = openPostgresql(url); LedgerDatabase other = openPostgresql(url)) {
			List<RunFence> fences = new ArrayList<>();
			List<Thread> threads = new ArrayList<>();
			for (LedgerDatabase database : List.of(one, other, one, other)) {
				threads.add(new Thread(() -> {
					for (int i = 0; i < 10; i++) {
						RunFence fence = database.ledger()
							.begin(LedgerContract.identity("cache"), "name: cache", Guarantee.LIST_THEN_DELETE, true,
									LedgerContract.ORIGIN, null);
						database.ledger().seal(fence, RunState.COMPLETED, "done");
						synchronized (fences) {
							fences.add(fence);
						}
					}
				}));
			}
			threads.forEach(Thread::start);
			for (Thread thread : threads) {
				thread.join();
			}
			assertThat(fences).hasSize(40);
			try (Connection connection = one.dataSource().getConnection();
					Statement statement = connection.createStatement();
					ResultSet row = statement
						.executeQuery("select count(distinct previous_seal), count(distinct seal) from purge_run")) {
				row.next();
				assertThat(row.getInt(1)).isEqualTo(39);
				assertThat(row.getInt(2)).isEqualTo(40);
			}
			assertThat(fences).allSatisfy((fence) -> assertThat(other.ledger().verify(fence.run()).problem()).isNull());
		}
	}

	@Test
	void unreachableServerIsSaidInOneLineWithoutThePassword() {
		String url = "jdbc:postgresql://localhost:1/kvpurge?password=s3cret";
		assertThatExceptionOfType(LedgerException.class)
			.isThrownBy(() -> PostgresqlLedgers.open(PostgresqlAddress.of(url, "jane", "s3cret"), Clock.systemUTC()))
			.withMessageStartingWith("cannot open the database jdbc:postgresql://localhost:1/kvpurge: ")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("s3cret").doesNotContain("\n"));
	}

}
