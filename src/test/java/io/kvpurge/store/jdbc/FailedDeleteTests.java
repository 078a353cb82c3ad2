package io.kvpurge.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;
import io.kvpurge.testkit.PostgresqlServer;
import io.kvpurge.testkit.TcpProxy;
import io.kvpurge.testkit.TcpProxy.Way;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What is known of a batch that the database did not carry through. */
@Timeout(60)
class FailedDeleteTests {

	private static final String WAITING = "datname = current_database() and application_name = 'kvpurge' "
			+ "and wait_event_type = 'Lock'";

	static Stream<TestDatabase> impatient() {
		return Stream.of(new TestDatabase(TestDatabase.h2().url() + ";LOCK_TIMEOUT=50"),
				new TestDatabase(TestDatabase.postgresql().url() + "&options=-c%20lock_timeout=50"));
	}

	private static String tableWithRows(TestDatabase database, int count) {
		String table = database.createTable("k varchar(20) primary key");
		database.execute(IntStream.range(0, count)
			.mapToObj((i) -> "insert into " + table + " values ('k%03d')".formatted(i))
			.toArray(String[]::new));
		return table;
	}

	private static List<KeyEntry> list(KeyValueStore store) {
		return store.list(KeyRange.of(Key.of("")), ListingPosition.START, 1000).entries();
	}

	private static void assertUndone(DeleteResult result, int count) {
		assertThat(result.undone()).hasSize(count);
		assertThat(result.deleted()).isEmpty();
		assertThat(result.doubtful()).isEmpty();
		assertThat(result.cause()).isInstanceOf(TransientStoreException.class);
		assertThat(result.cause().getMessage()).doesNotContain("\n").startsWith("cannot delete from ");
	}

	@ParameterizedTest
	@MethodSource("impatient")
	void aRowThatIsLockedTooLongLeavesItsBatchUndone(TestDatabase database) throws SQLException {
		String table = tableWithRows(database, 10);
		try (KeyValueStore store = database.open(table);
				Connection other = database.connect();
				Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			List<KeyEntry> entries = list(store);
			statement.execute("select k from " + table + " where k = 'k005' for update");
			assertUndone(store.delete(entries), 10);
			other.rollback();
			assertThat(store.delete(entries).deleted()).hasSize(10);
		}
	}

	@Test
	void theLoserOfADeadlockIsUndone() throws Exception {
		TestDatabase database = TestDatabase.postgresql();
		String table = tableWithRows(database, 3);
		TestDatabase loser = new TestDatabase(database.url() + "&options=-c%20deadlock_timeout=1s");
		try (KeyValueStore store = loser.open(table);
				Connection other = database.connect();
				Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			List<KeyEntry> entries = list(store);
			statement.execute("set local deadlock_timeout = '50s'");
			statement.execute("select k from " + table + " where k = 'k002' for update");
			CompletableFuture<DeleteResult> deletion = CompletableFuture.supplyAsync(() -> store.delete(entries));
			awaitLockWait(database);
			statement.execute("select k from " + table + " where k = 'k000' for update");
			assertUndone(deletion.get(30, TimeUnit.SECONDS), 3);
		}
	}

	@Test
	void aConnectionThatIsCutBeforeTheCommitLeavesItsBatchUndone() throws Exception {
		TestDatabase database = TestDatabase.postgresql();
		String table = tableWithRows(database, 3);
		try (KeyValueStore store = database.open(table);
				Connection other = database.connect();
				Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			List<KeyEntry> entries = list(store);
			statement.execute("select k from " + table + " where k = 'k002' for update");
			CompletableFuture<DeleteResult> deletion = CompletableFuture.supplyAsync(() -> store.delete(entries));
			awaitLockWait(database);
			statement.execute("select pg_terminate_backend(pid) from pg_stat_activity where " + WAITING);
			assertUndone(deletion.get(30, TimeUnit.SECONDS), 3);
			other.rollback();
			assertThat(store.delete(entries).deleted()).hasSize(3);
		}
	}

	private static void awaitLockWait(TestDatabase database) {
		while (database.query("select pid from pg_stat_activity where " + WAITING).isEmpty()) {
			Thread.onSpinWait();
		}
	}

	@ParameterizedTest
	@EnumSource
	void aConnectionThatIsCutInTheCommitLeavesDoubt(Way way) throws Exception {
		TestDatabase database = TestDatabase.postgresql();
		String table = tableWithRows(database, 3);
		try (TcpProxy proxy = new TcpProxy(PostgresqlServer.port());
				KeyValueStore store = new TestDatabase(
						database.url().replace(":" + PostgresqlServer.port(), ":" + proxy.port()))
					.open(table)) {
			List<KeyEntry> entries = list(store);
			// The server's answer to a commit ends with a zero.
			proxy.cutAt(way, (way == Way.TO_SERVER) ? "COMMIT" : "COMMIT\0");
			DeleteResult result = store.delete(entries);
			assertThat(result.doubtful()).hasSize(3);
			assertThat(result.deleted()).isEmpty();
			assertThat(result.undone()).isEmpty();
			assertThat(result.cause()).isInstanceOf(TransientStoreException.class)
				.hasMessageContaining("the answer to a commit was lost");
			assertThat(database.query("select k from " + table)).hasSize((way == Way.TO_CLIENT) ? 0 : 3);
			proxy.heal();
			assertThat(list(store)).hasSize((way == Way.TO_CLIENT) ? 0 : 3);
		}
	}

	@Test
	void oneLostCommitTakesNothingFromTheOtherBatches() throws Exception {
		TestDatabase database = TestDatabase.postgresql();
		String table = database.createTable("k bigint primary key");
		database.execute("insert into " + table + " select generate_series(1, 4500)");
		try (TcpProxy proxy = new TcpProxy(PostgresqlServer.port());
				KeyValueStore store = new TestDatabase(
						database.url().replace(":" + PostgresqlServer.port(), ":" + proxy.port()))
					.open(table)) {
			List<KeyEntry> entries = store.list(KeyRange.of(Key.of("")), ListingPosition.START, 5000).entries();
			proxy.cutAt(Way.TO_SERVER, "COMMIT");
			DeleteResult result = store.delete(entries);
			assertThat(result.doubtful().size() + result.undone().size()).isEqualTo(4500);
			assertThat(result.doubtful()).hasSizeGreaterThanOrEqualTo(2000);
			assertThat(database.query("select k from " + table)).hasSize(4500);
		}
	}

	@Test
	void aTableThatIsGoneIsToldForGood() {
		TestDatabase database = TestDatabase.postgresql();
		String table = tableWithRows(database, 2);
		try (KeyValueStore store = database.open(table)) {
			List<KeyEntry> entries = list(store);
			database.execute("drop table " + table);
			assertThatExceptionOfType(StoreException.class).isThrownBy(() -> store.delete(entries))
				.isNotInstanceOf(TransientStoreException.class)
				.withMessageContaining("does not exist");
		}
	}

}
