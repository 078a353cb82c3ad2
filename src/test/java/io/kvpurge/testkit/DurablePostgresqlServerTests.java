package io.kvpurge.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

@Timeout(180)
class DurablePostgresqlServerTests {

	@TempDir
	private Path folder;

	@Test
	void whatWasCommittedOutlivesAKillAndWhatWasNotDoesNot() throws Exception {
		try (DurablePostgresqlServer server = open()) {
			execute(server, "create table kept (a int)", "insert into kept values (1)",
					// A recovery empties such a table: proof that there was one.
					"create unlogged table emptied (a int)", "insert into emptied values (1)");
			try (Connection open = DriverManager.getConnection(server.url());
					Statement statement = open.createStatement()) {
				open.setAutoCommit(false);
				statement.execute("insert into kept values (2)");
				server.kill();
				assertThatExceptionOfType(SQLException.class).isThrownBy(open::commit);
			}
			server.start();
			assertThat(query(server, "select a from kept")).containsExactly("1");
			assertThat(query(server, "select a from emptied")).isEmpty();
		}
	}

	@Test
	void aKillInTheMidstOfWritesLosesNoneThatWasConfirmed() throws Exception {
		try (DurablePostgresqlServer server = open()) {
			execute(server, "create table kept (a int)");
			for (int round = 0; round < 2; round++) {
				int before = query(server, "select a from kept").size();
				AtomicInteger confirmed = new AtomicInteger();
				CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(server, confirmed));
				await().until(() -> confirmed.get() > 50);
				server.kill();
				assertThatExceptionOfType(Exception.class).isThrownBy(() -> writing.get(30, TimeUnit.SECONDS))
					.withRootCauseInstanceOf(IOException.class);
				server.start();
				assertThat(query(server, "select a from kept").size() - before).isBetween(confirmed.get(),
						confirmed.get() + 1);
			}
		}
	}

	private static void write(DurablePostgresqlServer server, AtomicInteger confirmed) {
		try (Connection connection = DriverManager.getConnection(server.url());
				Statement statement = connection.createStatement()) {
			while (true) {
				statement.execute("insert into kept values (" + confirmed.get() + ")");
				confirmed.incrementAndGet();
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void aKillLeavesNoProcess() throws Exception {
		try (DurablePostgresqlServer server = open();
				Connection connection = DriverManager.getConnection(server.url())) {
			List<String> processes = query(server,
					// Not those that end by themselves.
					"select pid from pg_stat_activity where pid <> pg_backend_pid()"
							+ " and backend_type <> 'autovacuum worker'");
			assertThat(processes).hasSizeGreaterThan(3).allMatch((pid) -> runs(Long.parseLong(pid)));
			server.kill();
			assertThat(processes).noneMatch((pid) -> runs(Long.parseLong(pid)));
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> DriverManager.getConnection(server.url()).close())
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("08001"));
			assertThat(connection.isValid(1)).isFalse();
			assertThatIllegalStateException().isThrownBy(server::kill);
		}
	}

	/** Whether it is there, and more than an entry that the system has yet to reap. */
	private static boolean runs(long pid) {
		return ProcessHandle.of(pid).flatMap((process) -> process.info().command()).isPresent();
	}

	@Test
	void itsDataCanBeOpenedAgainAfterItsEnd() throws Exception {
		try (DurablePostgresqlServer server = open()) {
			execute(server, "create unlogged table kept as select 1 as a");
		}
		try (DurablePostgresqlServer server = open()) {
			assertThat(query(server, "select a from kept")).as("no recovery was needed").containsExactly("1");
		}
	}

	@Test
	void isDurable() throws Exception {
		try (DurablePostgresqlServer server = open()) {
			assertThat(query(server,
					"select setting from pg_settings"
							+ " where name in ('fsync', 'full_page_writes', 'synchronous_commit')"))
				.containsExactly("on", "on", "on");
			assertThatIllegalStateException().isThrownBy(server::start);
		}
	}

	private DurablePostgresqlServer open() throws Exception {
		return new DurablePostgresqlServer(this.folder.resolve("data"));
	}

	private static void execute(DurablePostgresqlServer server, String... statements) throws SQLException {
		try (Connection connection = DriverManager.getConnection(server.url());
				Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
	}

	private static List<String> query(DurablePostgresqlServer server, String sql) throws SQLException {
		try (Connection connection = DriverManager.getConnection(server.url());
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery(sql)) {
			List<String> values = new ArrayList<>();
			while (result.next()) {
				values.add(result.getString(1));
			}
			return values;
		}
	}

}
