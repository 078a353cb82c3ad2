package io.kvpurge.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.kvpurge.testkit.TcpProxy.Way;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class TcpProxyTests {

	private static final Executor HERE = Runnable::run;

	private final String direct = PostgresqlServer.newDatabaseUrl();

	private TcpProxy proxy;

	@BeforeEach
	void open() throws IOException {
		this.proxy = new TcpProxy(PostgresqlServer.port());
	}

	@AfterEach
	void close() throws IOException {
		this.proxy.close();
	}

	@Test
	void passesOnWhatIsSaid() throws Exception {
		try (Connection connection = connect("")) {
			String text = "x".repeat(1_000_000);
			assertThat(ask(connection, "select '" + text + "'")).isEqualTo(text);
		}
		assertBackends(0);
	}

	@Test
	void aSilentLineHoldsAQueryBackUntilItIsHealed() throws Exception {
		try (Connection connection = connect("")) {
			ask(connection, "select 'before'");
			this.proxy.goSilent();
			CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> ask(connection, "select 'after'"));
			await().during(Duration.ofMillis(300)).until(() -> !answer.isDone());
			assertThat(backend("query")).isEqualTo("select 'before'");
			this.proxy.heal();
			assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("after");
		}
	}

	@Test
	void aSilentLineHoldsAnAnswerBackToo() throws Exception {
		try (Connection connection = connect("");
				Connection other = DriverManager.getConnection(this.direct);
				Statement statement = other.createStatement()) {
			ask(other, "select pg_advisory_lock(1)");
			CompletableFuture<String> answer = CompletableFuture
				.supplyAsync(() -> ask(connection, "select 'got' from pg_advisory_lock(1)"));
			await().until(() -> "Lock".equals(backend("wait_event_type")));
			this.proxy.goSilent();
			ask(other, "select pg_advisory_unlock(1)");
			await().until(() -> "idle".equals(backend("state")));
			await().during(Duration.ofMillis(300)).until(() -> !answer.isDone());
			this.proxy.heal();
			assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("got");
		}
	}

	@Test
	void aSilentLineAcceptsAndSaysNothing() throws Exception {
		this.proxy.goSilent();
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect("&socketTimeout=1").close())
			.withCauseInstanceOf(SocketTimeoutException.class);
		assertBackends(0);
	}

	@Test
	void aSilentLineHidesThatTheClientHasGone() throws Exception {
		Connection connection = connect("");
		this.proxy.goSilent();
		connection.abort(HERE);
		await().during(Duration.ofMillis(300)).until(() -> backends() == 1);
		this.proxy.heal();
		assertBackends(0);
	}

	@Test
	void aCutTakesAllConnectionsAndLetsNewOnesIn() throws Exception {
		try (Connection first = connect(""); Connection second = connect("")) {
			this.proxy.cut();
			assertLost(first);
			assertLost(second);
			assertBackends(0);
			try (Connection third = connect("")) {
				assertThat(ask(third, "select 'in'")).isEqualTo("in");
			}
		}
	}

	@Test
	void aSilentLineCanBeCut() throws Exception {
		try (Connection connection = connect("")) {
			this.proxy.goSilent();
			CompletableFuture<Void> asking = CompletableFuture.runAsync(() -> ask(connection, "select 1"));
			this.proxy.cut();
			await().until(asking::isCompletedExceptionally);
			assertBackends(0);
		}
	}

	@Test
	void refusesNewConnectionsOnlyUntilItIsHealed() throws Exception {
		try (Connection connection = connect("")) {
			this.proxy.refuse();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect("").close())
				.satisfies((ex) -> assertThat(ex.getSQLState()).startsWith("08"));
			assertThat(ask(connection, "select 'still'")).isEqualTo("still");
			this.proxy.heal();
			connect("").close();
		}
	}

	@Test
	void cutsWhereATextIsAboutToBePassedOn() throws Exception {
		try (Connection connection = connect(""); Connection bystander = connect("")) {
			ask(connection, "create table t as select 1 as a");
			this.proxy.cutAt(Way.TO_SERVER, "drop table");
			assertThat(ask(bystander, "select count(*) from t")).isEqualTo("1");
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> ask(connection, "drop table t"));
			assertThat(ask(bystander, "select count(*) from t")).isEqualTo("1");
			assertBackends(1);
		}
	}

	@Test
	void nothingIsLeftAfterItsEnd() throws Exception {
		int port = this.proxy.port();
		try (Connection connection = connect("")) {
			this.proxy.goSilent();
			try (Socket waiting = new Socket(InetAddress.getLoopbackAddress(), port)) {
				this.proxy.close();
				// Awaited: its last thread may be within its very last steps.
				await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
					.noneMatch((name) -> name.startsWith("proxy-" + port + "-")));
				assertThatExceptionOfType(IOException.class).isThrownBy(() -> waiting.getInputStream().read());
			}
			assertLost(connection);
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect("").close());
		}
	}

	private Connection connect(String parameters) throws SQLException {
		return DriverManager
			.getConnection(this.direct.replace(":" + PostgresqlServer.port(), ":" + this.proxy.port()) + parameters);
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

	private static void assertLost(Connection connection) {
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> ask(connection, "select 1"))
			.havingCause()
			.isInstanceOfSatisfying(SQLException.class, (ex) -> assertThat(ex.getSQLState()).startsWith("08"));
	}

	/** What the server says of the one connection that is not ours. */
	private String backend(String column) throws SQLException {
		try (Connection connection = DriverManager.getConnection(this.direct)) {
			return ask(connection, "select " + column + " from pg_stat_activity where datname = current_database()"
					+ " and pid <> pg_backend_pid() order by backend_start limit 1");
		}
	}

	private long backends() throws SQLException {
		try (Connection connection = DriverManager.getConnection(this.direct)) {
			return Long.parseLong(ask(connection, "select count(*) from pg_stat_activity"
					+ " where datname = current_database() and pid <> pg_backend_pid()"));
		}
	}

	private void assertBackends(long expected) {
		await().untilAsserted(() -> assertThat(backends()).isEqualTo(expected));
	}

}
