package io.kvpurge.ledger;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.kvpurge.store.Guarantee;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;
import io.kvpurge.testkit.PostgresqlServer;
import io.kvpurge.testkit.TcpProxy;
import io.kvpurge.testkit.TransactionPooler;
import io.kvpurge.testkit.TransactionPooler.Mode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** One process at a time owns a definition in PostgreSQL, and whoever lost it knows. */
class OwnershipTests {

	private final String url = PostgresqlServer.newLedgerUrl();

	private static PostgresqlLedgers open(String url) {
		return PostgresqlLedgers.open(PostgresqlAddress.of(url, null, null), Clock.systemUTC());
	}

	private static RunFence begin(LedgerDatabase database) {
		RunFence fence = database.ledger()
			.begin(LedgerContract.identity("cache"), "name: cache", Guarantee.LIST_THEN_DELETE, true,
					LedgerContract.ORIGIN, null);
		database.ledger().saveRanges(fence, List.of(KeyRange.of(Key.of(""))));
		return fence;
	}

	private String through(int port) {
		return this.url.replaceFirst(":[0-9]+/", ":" + port + "/");
	}

	private void execute(String sql) {
		try (Connection connection = DriverManager.getConnection(this.url);
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void aDefinitionHasOneOwnerAndOthersAreFree() {
		try (PostgresqlLedgers one = open(this.url); PostgresqlLedgers other = open(this.url)) {
			assertThat(other.isOwned("cache")).isFalse();
			try (LedgerDatabase owned = one.own("cache"); LedgerDatabase another = other.own("sessions")) {
				assertThat(owned.location()).isEqualTo(another.location());
				assertThat(other.isOwned("cache")).isTrue();
				assertThat(owned.isOwnedElsewhere("cache")).isFalse();
				assertThat(owned.isOwnedElsewhere("sessions")).isTrue();
				for (PostgresqlLedgers ledgers : List.of(one, other)) {
					assertThatExceptionOfType(DatabaseBusyException.class).isThrownBy(() -> ledgers.own("cache"))
						.withMessageContaining("another process owns cache");
				}
			}
			try (LedgerDatabase owned = other.own("cache")) {
				assertThat(one.isOwned("cache")).isTrue();
				assertThat(owned.ledger().definitions()).isEmpty();
			}
		}
	}

	@Test
	void whoseSessionIsEndedHasLostItsRun() {
		try (PostgresqlLedgers one = open(this.url); PostgresqlLedgers other = open(this.url)) {
			try (LedgerDatabase lost = one.own("cache")) {
				RunFence fence = begin(lost);
				lost.ledger().prove(fence);
				execute("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'");
				assertThatExceptionOfType(FencedException.class).isThrownBy(() -> lost.ledger().prove(fence))
					.withMessageContaining("the session that holds its lock was lost");
				Awaitility.await().until(() -> !other.isOwned("cache"));
				try (LedgerDatabase taken = other.own("cache")) {
					RunFence next = taken.ledger().takeOver(fence.run(), LedgerContract.ORIGIN);
					taken.ledger().prove(next);
				}
			}
		}
	}

	@Test
	void whoseLockIsGoneWhileItsSessionLivesIsTold() {
		try (PostgresqlLedgers ledgers = open(this.url); LedgerDatabase owned = ledgers.own("cache")) {
			RunFence fence = begin(owned);
			execute("update purge_run set fence = fence + 1");
			assertThatExceptionOfType(FencedException.class).isThrownBy(() -> owned.ledger().prove(fence))
				.withMessageContaining("has another owner by now");
		}
	}

	@Test
	void whenPacketsJustStopAnotherTakesOverWithinAMinuteAndTheFirstWritesNothing() throws IOException {
		try (TcpProxy proxy = new TcpProxy(PostgresqlServer.port());
				PostgresqlLedgers silenced = open(through(proxy.port()));
				PostgresqlLedgers other = open(this.url)) {
			try (LedgerDatabase lost = silenced.own("cache")) {
				RunFence fence = begin(lost);
				lost.ledger().prove(fence);
				proxy.goSilent();
				Instant since = Instant.now();
				assertThat(other.isOwned("cache")).isTrue();
				Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> !other.isOwned("cache"));
				try (LedgerDatabase taken = other.own("cache")) {
					taken.ledger().takeOver(fence.run(), LedgerContract.ORIGIN);
					assertThat(Duration.between(since, Instant.now())).isLessThan(Duration.ofSeconds(60));
					proxy.heal();
					assertThatExceptionOfType(FencedException.class).isThrownBy(() -> lost.ledger().prove(fence));
					assertThatThrownBy(() -> lost.ledger().announce(fence, 1, LedgerContract.keys("a")))
						.isInstanceOf(RuntimeException.class);
					assertThatExceptionOfType(FencedException.class)
						.isThrownBy(() -> lost.ledger().announce(fence, 1, LedgerContract.keys("a")));
					assertThat(taken.ledger().unsettled(fence.run(), 1)).isEmpty();
				}
			}
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 3, 8 })
	void aPoolerThatHandsSessionsAroundIsRefused(int most) throws IOException {
		try (TransactionPooler pooler = new TransactionPooler(PostgresqlServer.port(), most, Mode.TRANSACTION)) {
			assertThatExceptionOfType(LedgerException.class).isThrownBy(() -> open(through(pooler.port())))
				.withMessageContaining("stands behind a pooler that hands sessions around")
				.withMessageContaining("name the server itself");
		}
	}

	@Test
	void aPoolerThatLeavesEachClientItsSessionIsNone() throws IOException {
		try (TransactionPooler pooler = new TransactionPooler(PostgresqlServer.port(), 50, Mode.SESSION);
				PostgresqlLedgers ledgers = open(through(pooler.port()));
				LedgerDatabase owned = ledgers.own("cache")) {
			owned.ledger().prove(begin(owned));
			assertThat(ledgers.isOwned("cache")).isTrue();
		}
	}

}
