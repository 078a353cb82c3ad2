package io.kvpurge.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.ledger.PostgresqlAddress;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunState;
import io.kvpurge.testkit.KvpurgeProcess;
import io.kvpurge.testkit.PostgresqlServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Real processes, each with a folder of its own as on hosts of their own, that share a
 * ledger in PostgreSQL and purge a table in it.
 */
class SharedProcessTests {

	private static final int KEYS = 30_000;

	private static final @Nullable String DELAY = "real".equals(System.getProperty("kvpurge.delays")) ? null : "1s";

	private final String ledgerUrl = PostgresqlServer.newLedgerUrl();

	private final String storeUrl = PostgresqlServer.newDatabaseUrl("locale 'C' template template0");

	@TempDir
	private Path folder;

	private Home home;

	private int hosts;

	@BeforeEach
	void fill() throws IOException {
		Files.writeString(this.folder.resolve("test.yaml"), """
				version: 1
				name: test
				store: {type: jdbc, url: "%s", table: entries, key: name, metadata: metadata}
				select: {prefixes: ["key/"], where: metadata.n %% 3 == 0}
				partitions: 2
				limits: {keys-per-second: 5000}
				""".formatted(this.storeUrl));
		execute("create table entries (name text primary key, metadata jsonb)");
		execute("""
				insert into entries select 'key/' || lpad(n::text, 7, '0'), jsonb_build_object('n', n)
				from generate_series(0, %d) n""".formatted(KEYS - 1));
		this.home = Home.shared(PostgresqlAddress.of(this.ledgerUrl, null, null), Clock.systemUTC());
	}

	@AfterEach
	void close() {
		this.home.close();
	}

	@Test
	void aRunThatIsKilledOnOneHostIsCarriedOnOnAnother() {
		try (KvpurgeProcess first = launch("1s")) {
			awaitLive(first, (live) -> live.totals().counts().deleted() > 0);
			first.kill();
			assertThat(first.await()).isEqualTo(137);
		}
		try (KvpurgeProcess second = launch("1s")) {
			assertThat(second.await()).as(second.err()).isZero();
			assertThat(second.err()).contains("attempt 2 (carried on from").doesNotContain("\tat ");
		}
		assertDone(2);
	}

	@Test
	void aSecondLaunchIsToldWhoRunsAndAPatientOneWaits() throws SQLException {
		try (Connection locking = DriverManager.getConnection(this.storeUrl);
				Statement statement = locking.createStatement()) {
			locking.setAutoCommit(false);
			// The first one waits for this row.
			statement.execute("select 1 from entries where name = 'key/0000000' for update");
			try (KvpurgeProcess first = launch("1s")) {
				awaitLive(first, (live) -> true);
				try (KvpurgeProcess second = launch("1s"); KvpurgeProcess patient = launch("1s", "--wait", "5m")) {
					assertThat(second.await()).as(second.err()).isEqualTo(5);
					assertThat(second.err()).contains("run test.1 is under way since").contains("pid");
					locking.commit();
					assertThat(first.await()).as(first.err()).isZero();
					assertThat(first.out()).contains("test.1 COMPLETED");
					assertThat(patient.await()).as(patient.err()).isZero();
					assertThat(patient.out()).contains("test.2 COMPLETED", "nothing matched");
				}
			}
		}
		assertDone(1);
	}

	@Test
	void aTerminatedRunStopsAndAHoldFromAnotherHostHolds() throws SQLException {
		try (KvpurgeProcess first = launch("1s")) {
			awaitLive(first, (live) -> live.totals().counts().deleted() > 0);
			first.terminate();
			assertThat(first.await()).isEqualTo(143);
			assertThat(first.out()).contains("test.1 STOPPED").contains("stopped by a signal");
			assertThat(first.err()).doesNotContain("\tat ").doesNotContain("Exception");
		}
		holdWhileRunning();
		try (KvpurgeProcess third = launch("1s")) {
			assertThat(third.await()).isEqualTo(3);
			assertThat(third.err()).contains("test is held (stopped by ");
		}
		try (KvpurgeProcess resume = start("1s", "resume", "test")) {
			assertThat(resume.await()).as(resume.err()).isZero();
		}
		assertDone(3);
	}

	private void holdWhileRunning() throws SQLException {
		try (Connection locking = DriverManager.getConnection(this.storeUrl);
				Statement statement = locking.createStatement()) {
			locking.setAutoCommit(false);
			// Its first call waits for this row.
			statement.execute("select 1 from entries where name = (select min(name) from entries "
					+ "where (metadata ->> 'n')::int % 3 = 0) for update");
			try (KvpurgeProcess second = launch("1s")) {
				awaitLive(second, (live) -> live.attempt() == 2);
				try (KvpurgeProcess stop = start("1s", "stop", "--all")) {
					assertThat(stop.await()).as(stop.err()).isZero();
				}
				locking.commit();
				assertThat(second.await()).as(second.err()).isEqualTo(3);
				assertThat(second.out()).contains("test.1 STOPPED").contains("held: stopped by ");
			}
		}
	}

	/** With the delays that users have by {@code -Dkvpurge.delays=real}. */
	@Test
	void whoWasFrozenAndLostItsRunDeletesNothingMore() {
		try (KvpurgeProcess frozen = launch(DELAY)) {
			awaitLive(frozen, (live) -> live.totals().counts().deleted() > 0);
			frozen.freeze();
			try (KvpurgeProcess second = launch(DELAY, "--wait", "5m")) {
				assertThat(second.await()).as(second.err()).isZero();
			}
			assertDone(2);
			// What matches the rule stands there again: nobody may take it.
			execute("insert into entries select 'key/' || lpad(n::text, 7, '0'), jsonb_build_object('n', n) "
					+ "from generate_series(0, " + (KEYS - 1) + ", 3) n");
			frozen.thaw();
			assertThat(frozen.await()).isOne();
			assertThat(frozen.err()).contains("run test.1 ").contains("another owner by now").doesNotContain("\tat ");
		}
		assertThat(count("select count(*) from entries")).isEqualTo(KEYS);
		assertThat(this.home.definition("test").read().ledger().verify(new RunId("test", 1)).problem()).isNull();
	}

	private KvpurgeProcess launch(@Nullable String settleDelay, String... more) {
		String[] arguments = new String[more.length + 2];
		arguments[0] = "run";
		arguments[1] = this.folder.resolve("test.yaml").toString();
		System.arraycopy(more, 0, arguments, 2, more.length);
		return start(settleDelay, arguments);
	}

	private KvpurgeProcess start(@Nullable String settleDelay, String... arguments) {
		Map<String, String> environment = Map.of("KVPURGE_DATABASE_URL", this.ledgerUrl, "KVPURGE_HOME",
				this.folder.resolve("host" + this.hosts++).toString(), "KVPURGE_SETTLE_DELAY",
				(settleDelay != null) ? settleDelay : "30s");
		return KvpurgeProcess.start(this.folder, environment, arguments);
	}

	private void awaitLive(KvpurgeProcess process, Predicate<LiveRun> condition) {
		Awaitility.await().atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofMillis(10)).until(() -> {
			assertThat(process.isAlive()).as(process.out() + process.err()).isTrue();
			LiveRun live = this.home.definition("test").live();
			return live != null && condition.test(live);
		});
	}

	private void assertDone(int attempts) {
		RunId id = new RunId("test", 1);
		PurgeTester tester = new PurgeTester(this.home, Clock.systemUTC());
		PurgeRun run = tester.ledger((ledger) -> ledger.find(id));
		assertThat(run.state()).isEqualTo(RunState.COMPLETED);
		assertThat(run.attempts()).isEqualTo(attempts);
		assertThat(tester.ledger((ledger) -> ledger.totals(id)).counts().listed()).isEqualTo(KEYS);
		tester.assertDeletedExactlyOnce(id, PurgeTester.going(KEYS));
		assertThat(count("select count(*) from entries")).isEqualTo(PurgeTester.staying(KEYS).size());
		assertThat(count("select count(*) from entries where (metadata ->> 'n')::int % 3 = 0")).isZero();
	}

	private void execute(String sql) {
		try (Connection connection = DriverManager.getConnection(this.storeUrl);
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private int count(String sql) {
		try (Connection connection = DriverManager.getConnection(this.storeUrl);
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery(sql)) {
			row.next();
			return row.getInt(1);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
