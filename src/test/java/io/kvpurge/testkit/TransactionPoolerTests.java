package io.kvpurge.testkit;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;

import io.kvpurge.testkit.TransactionPooler.Mode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class TransactionPoolerTests {

	private static final String PID = "select pg_backend_pid()";

	private static final String LOCK = "select pg_try_advisory_lock(7)";

	private final String direct = PostgresqlServer.newDatabaseUrl();

	private TransactionPooler pooler;

	@AfterEach
	void close() throws IOException {
		this.pooler.close();
	}

	@Test
	void clientsShareOneConnection() throws Exception {
		open(5, Mode.TRANSACTION);
		try (Connection first = connect(); Connection second = connect("&ApplicationName=another")) {
			assertThat(ask(first, PID)).isEqualTo(ask(second, PID)).isEqualTo(ask(first, PID));
			assertBackends(1);
		}
	}

	@Test
	void aTransactionIsKeptTogether() throws Exception {
		open(5, Mode.TRANSACTION);
		try (Connection first = connect(); Connection second = connect()) {
			ask(first, "create table t (a int)");
			first.setAutoCommit(false);
			ask(first, "insert into t values (1)");
			String pid = ask(first, PID);
			assertThat(ask(second, PID)).isNotEqualTo(pid);
			assertThat(ask(second, "select count(*) from t")).isEqualTo("0");
			assertThat(ask(first, PID)).isEqualTo(pid);
			first.commit();
			assertThat(ask(second, "select count(*) from t")).isEqualTo("1");
			assertThat(ask(second, PID)).as("the one used last").isEqualTo(pid);
		}
	}

	@Test
	void aFailedTransactionIsKeptToItsEnd() throws Exception {
		open(5, Mode.TRANSACTION);
		try (Connection first = connect(); Connection second = connect()) {
			first.setAutoCommit(false);
			String pid = ask(first, PID);
			assertState("22012", () -> ask(first, "select 1 / 0"));
			assertThat(ask(second, PID)).isNotEqualTo(pid);
			assertState("25P02", () -> ask(first, PID));
			first.rollback();
			assertThat(ask(second, PID)).isEqualTo(pid);
		}
	}

	@Test
	void whoFindsNoConnectionWaitsForOne() throws Exception {
		open(1, Mode.TRANSACTION);
		try (Connection first = connect(); Connection second = connect()) {
			first.setAutoCommit(false);
			String pid = ask(first, PID);
			CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> ask(second, PID));
			await().during(Duration.ofMillis(300)).until(() -> !waiting.isDone());
			first.commit();
			assertThat(waiting.get(30, TimeUnit.SECONDS)).isEqualTo(pid);
		}
	}

	@Test
	void anAdvisoryLockOfTheSessionIsEverybodysOwn() throws Exception {
		open(5, Mode.TRANSACTION);
		try (Connection first = connect();
				Connection second = connect();
				Connection other = DriverManager.getConnection(this.direct)) {
			assertThat(ask(first, LOCK)).isEqualTo("t");
			assertThat(ask(other, LOCK)).isEqualTo("f");
			assertThat(ask(second, LOCK)).isEqualTo("t");
			first.close();
			assertThat(ask(other, LOCK)).as("it outlives who took it").isEqualTo("f");
		}
	}

	@Test
	void settingsAndNamedStatementsLeak() throws Exception {
		open(5, Mode.TRANSACTION);
		try (Connection first = connect(); Connection second = connect()) {
			ask(first, "set statement_timeout = 12345");
			assertThat(ask(second, "show statement_timeout")).isEqualTo("12345ms");
			ask(first, "prepare mine as select 1");
			assertState("42P05", () -> ask(second, "prepare mine as select 1"));
		}
	}

	@Test
	void inSessionModeNothingIsShared() throws Exception {
		open(5, Mode.SESSION);
		try (Connection first = connect(); Connection second = connect()) {
			assertThat(ask(first, LOCK)).isEqualTo("t");
			assertThat(ask(second, LOCK)).isEqualTo("f");
			assertThat(ask(first, PID)).isEqualTo(ask(first, PID)).isNotEqualTo(ask(second, PID));
			first.close();
			await().until(() -> "t".equals(ask(second, LOCK)));
		}
	}

	@Test
	void anOpenTransactionEndsWithItsClient() throws Exception {
		open(1, Mode.TRANSACTION);
		try (Connection first = connect(); Connection second = connect()) {
			ask(first, "create table t (a int)");
			first.setAutoCommit(false);
			ask(first, "insert into t values (1)");
			String pid = ask(first, PID);
			first.abort(Runnable::run);
			assertThat(ask(second, PID)).isNotEqualTo(pid);
			assertThat(ask(second, "select count(*) from t")).isEqualTo("0");
		}
	}

	@Test
	void aLostServerConnectionIsReplaced() throws Exception {
		open(1, Mode.TRANSACTION);
		try (Connection first = connect();
				Connection second = connect();
				Connection other = DriverManager.getConnection(this.direct)) {
			first.setAutoCommit(false);
			String pid = ask(first, PID);
			ask(other, "select pg_terminate_backend(" + pid + ", 30000)");
			assertState("57P01", () -> ask(first, PID));
			assertThat(ask(second, PID)).isNotEqualTo(pid);
		}
	}

	@Test
	void aQueryCanBeCancelled() throws Exception {
		open(1, Mode.TRANSACTION);
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			statement.setQueryTimeout(1);
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.execute("select pg_sleep(600)"))
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("57014"));
			assertThat(ask(connection, "select 'next'")).isEqualTo("next");
		}
	}

	@Test
	void longAnswersAndLongBatchesPass() throws Exception {
		open(1, Mode.TRANSACTION);
		try (Connection connection = connect("&prepareThreshold=0")) {
			ask(connection, "create table t (a int, b text)");
			try (PreparedStatement insert = connection.prepareStatement("insert into t values (?, ?)")) {
				for (int i = 0; i < 5000; i++) {
					insert.setInt(1, i);
					insert.setString(2, "x".repeat(500));
					insert.addBatch();
				}
				assertThat(insert.executeBatch()).hasSize(5000).containsOnly(1);
			}
			assertThat(connection.unwrap(PGConnection.class)
				.getCopyAPI()
				.copyIn("copy t from stdin", new StringReader("1\ty\n".repeat(5000)))).isEqualTo(5000);
			assertThat(ask(connection, "select string_agg(b, '') from t")).hasSize(5000 * 501);
			assertBackends(1);
		}
	}

	@Test
	void theServersSettingsAreToldAtTheStart() throws Exception {
		open(1, Mode.TRANSACTION);
		try (Connection connection = connect(); Connection other = DriverManager.getConnection(this.direct)) {
			assertThat(connection.unwrap(PGConnection.class).getParameterStatuses())
				.containsAllEntriesOf(without(other, "application_name"))
				.containsKey("server_version");
			assertThat(connection.unwrap(PGConnection.class).getBackendPID())
				.isNotEqualTo(Integer.parseInt(ask(connection, PID)));
		}
	}

	private static Map<String, String> without(Connection connection, String name) throws SQLException {
		Map<String, String> settings = new HashMap<>(connection.unwrap(PGConnection.class).getParameterStatuses());
		settings.remove(name);
		return settings;
	}

	@Test
	void theServersRefusalIsPassedOn() throws Exception {
		open(1, Mode.TRANSACTION);
		String nowhere = url().replaceFirst("/test\\d+", "/nowhere");
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> DriverManager.getConnection(nowhere).close())
			.withMessageContaining("\"nowhere\" does not exist");
	}

	@Test
	void nothingIsLeftAfterItsEnd() throws Exception {
		open(1, Mode.TRANSACTION);
		String name = "pooler-" + this.pooler.port() + "-";
		try (Connection connection = connect(); Connection waiting = connect()) {
			connection.setAutoCommit(false);
			ask(connection, PID);
			CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> ask(waiting, PID));
			this.pooler.close();
			// Awaited: its last thread may be within its very last steps.
			await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
				.noneMatch((thread) -> thread.startsWith(name)));
			await().until(answer::isCompletedExceptionally);
			assertState("08006", () -> ask(connection, PID));
			assertBackends(0);
		}
	}

	private void open(int most, Mode mode) throws IOException {
		this.pooler = new TransactionPooler(PostgresqlServer.port(), most, mode);
	}

	private String url() {
		return this.direct.replace(":" + PostgresqlServer.port(), ":" + this.pooler.port());
	}

	private Connection connect() throws SQLException {
		return connect("");
	}

	private Connection connect(String parameters) throws SQLException {
		return DriverManager.getConnection(url() + parameters);
	}

	private static String ask(Connection connection, String sql) {
		try (Statement statement = connection.createStatement()) {
			if (!statement.execute(sql)) {
				return "";
			}
			try (ResultSet result = statement.getResultSet()) {
				result.next();
				return result.getString(1);
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void assertState(String expected, Runnable asking) {
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(asking::run)
			.havingCause()
			.isInstanceOfSatisfying(SQLException.class, (ex) -> assertThat(ex.getSQLState()).isEqualTo(expected));
	}

	/** How many connections the server has from the pooler. */
	private void assertBackends(int expected) throws SQLException {
		try (Connection other = DriverManager.getConnection(this.direct)) {
			await().untilAsserted(() -> assertThat(ask(other,
					"select count(*) from pg_stat_activity"
							+ " where datname = current_database() and pid <> pg_backend_pid()"))
				.isEqualTo(Integer.toString(expected)));
		}
	}

}
