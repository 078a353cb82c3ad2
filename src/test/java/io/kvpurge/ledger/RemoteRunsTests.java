package io.kvpurge.ledger;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.kvpurge.store.Guarantee;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;
import io.kvpurge.testkit.PostgresqlServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** A range has one owner at a time, and whoever lost it can write nothing. */
class RemoteRunsTests {

	private static final HandOut HAND_OUT = new HandOut("1.0", "name: cache\n",
			List.of(Key.of("größe/"), Key.of(new byte[] { (byte) 0xff })), Duration.ofMinutes(1),
			Duration.ofSeconds(30), "mark");

	private final String url = PostgresqlServer.newLedgerUrl();

	private final PostgresqlLedgers ledgers = PostgresqlLedgers.open(PostgresqlAddress.of(this.url, null, null),
			Clock.systemUTC());

	private final RemoteRuns remote = this.ledgers.remoteRuns();

	private LedgerDatabase owned;

	private RunFence fence;

	@BeforeEach
	void begin() {
		this.owned = this.ledgers.own("cache");
		this.fence = this.owned.ledger()
			.begin(LedgerContract.identity("cache"), "name: cache", Guarantee.LIST_THEN_DELETE, true,
					LedgerContract.ORIGIN, null);
		this.owned.ledger().saveRanges(this.fence, List.of(KeyRange.of(Key.of("a/")), KeyRange.of(Key.of("b/"))));
		this.remote.handOut(this.fence, HAND_OUT);
	}

	@AfterEach
	void close() {
		this.owned.close();
		this.ledgers.close();
		Awaitility.await().untilAsserted(() -> assertThat(PostgresqlServer.sessions(this.url)).isEmpty());
	}

	@Test
	void aRangeIsHeldByOneWorkerAndAnotherCanHaveItAfterwards() {
		try (ClaimedRange one = this.remote.claim(this.fence, 1, "one")) {
			one.ledger().prove(this.fence);
			assertThat(this.remote.claim(this.fence, 1, "other")).isNull();
			try (ClaimedRange other = this.remote.claim(this.fence, 2, "other")) {
				other.ledger().announce(this.fence, 2, LedgerContract.keys("b/1"));
				assertThat(this.remote.holders(this.fence.run())).extracting(RangeHolder::worker)
					.containsExactly("one", "other");
			}
		}
		assertThat(this.remote.holders(this.fence.run())).isEmpty();
		try (ClaimedRange again = this.remote.claim(this.fence, 1, "other")) {
			again.ledger().announce(this.fence, 1, LedgerContract.keys("a/1"));
		}
	}

	@Test
	void aWorkerWritesToItsRangeOnlyAndTheLauncherToAll() {
		try (ClaimedRange one = this.remote.claim(this.fence, 1, "one")) {
			assertFenced(() -> one.ledger().announce(this.fence, 2, LedgerContract.keys("b/1")));
		}
		this.owned.ledger().announce(this.fence, 2, LedgerContract.keys("b/1"));
	}

	@Test
	void whoLostItsSessionCanWriteNothingOnceAnotherHasTheRange() {
		ClaimedRange lost = this.remote.claim(this.fence, 1, "frozen");
		LedgerCall call = lost.ledger().announce(this.fence, 1, LedgerContract.keys("a/1"));
		endSessionOf("range/" + this.fence.run() + "/1");
		try (ClaimedRange next = this.remote.claim(this.fence, 1, "next")) {
			assertFenced(() -> lost.ledger().prove(this.fence));
			assertFenced(() -> lost.ledger().announce(this.fence, 1, LedgerContract.keys("a/2")));
			assertFenced(() -> lost.ledger().save(this.fence, 1, RangeProgress.START));
			assertFenced(() -> lost.ledger()
				.settle(this.fence, call, LedgerContract.all(Outcome.DELETED, 1), RangeProgress.START));
			lost.close();
			next.ledger().prove(this.fence);
			next.ledger().settle(this.fence, call, LedgerContract.all(Outcome.INFERRED, 1), RangeProgress.START);
		}
	}

	@Test
	void whoIsTakenOverHasNoWorkersAnyMore() {
		try (ClaimedRange one = this.remote.claim(this.fence, 1, "one")) {
			assertThat(this.remote.signals(this.fence).isGone()).isFalse();
			RunFence next = this.owned.ledger().takeOver(this.fence.run(), LedgerContract.ORIGIN);
			assertThat(this.remote.signals(this.fence).isGone()).isTrue();
			assertFenced(() -> one.ledger().prove(this.fence));
			assertFenced(() -> one.ledger().announce(this.fence, 1, LedgerContract.keys("a/1")));
			assertFenced(() -> this.remote.claim(this.fence, 2, "one"));
			assertThat(this.remote.find(next)).isNull();
			assertThat(this.remote.claim(next, 1, "other")).isNull();
		}
	}

	@Test
	void whatIsHandedOutComesBack() {
		assertThat(this.remote.find(this.fence)).isEqualTo(HAND_OUT);
		assertThat(this.remote.queue()).startsWith("kvpurge.").isEqualTo(this.ledgers.remoteRuns().queue());
	}

	@Test
	void theFirstStopStaysAndAPauseIsNotShortened() {
		assertThat(this.remote.signals(this.fence)).isEqualTo(new RemoteSignals(false, null, Duration.ZERO));
		this.remote.requestStop(this.fence, "enough");
		this.remote.requestStop(this.fence, "more than that");
		this.remote.pause(this.fence, Duration.ofMinutes(5));
		this.remote.pause(this.fence, Duration.ofSeconds(1));
		RemoteSignals signals = this.remote.signals(this.fence);
		assertThat(signals.stopping()).isEqualTo("enough");
		assertThat(signals.paused()).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
	}

	@Test
	void workersSignInAndOut() {
		this.remote.sign("one", "1.0", 4, null);
		this.remote.sign("one", "1.0", 4, "takes no ranges of cache.1: too old");
		assertThat(this.remote.workers()).singleElement().satisfies((worker) -> {
			assertThat(worker.isAlive()).isTrue();
			assertThat(worker.remark()).isEqualTo("takes no ranges of cache.1: too old");
		});
		this.remote.signOut("one");
		assertThat(this.remote.workers()).isEmpty();
	}

	@Test
	void processesShareThePlacesForBulkCallsAndGiveThemBackWhenTheyDie() {
		RemoteRuns other = this.ledgers.remoteRuns();
		Runnable place = this.remote.bulkPlace(this.fence, 1);
		assertThat(place).isNotNull();
		assertThat(other.bulkPlace(this.fence, 1)).isNull();
		place.run();
		assertThat(other.bulkPlace(this.fence, 1)).isNotNull();
		assertThat(this.remote.bulkPlace(this.fence, 1)).isNull();
		endSessionOf("bulk/" + this.fence.run() + "/0");
		Runnable again = this.remote.bulkPlace(this.fence, 1);
		assertThat(again).isNotNull();
		again.run();
	}

	@Test
	void processesShareOneBucket() {
		Bandwidth bandwidth = Bandwidth.builder().capacity(10).refillGreedy(10, Duration.ofSeconds(100)).build();
		Bucket one = this.remote.bucket(this.fence, bandwidth);
		Bucket other = this.ledgers.remoteRuns().bucket(this.fence, bandwidth);
		assertThat(one.consumeIgnoringRateLimits(10)).isZero();
		assertThat(other.consumeIgnoringRateLimits(2)).isBetween(Duration.ofSeconds(5).toNanos(),
				Duration.ofSeconds(20).toNanos());
		this.remote.forgetBucket(this.fence);
	}

	private static void assertFenced(Runnable work) {
		assertThatExceptionOfType(FencedException.class).isThrownBy(work::run);
	}

	/** The server ends the session that holds a lock, as after a silence. */
	private void endSessionOf(String lock) {
		long key = SessionLock.key(lock);
		try (Connection connection = DriverManager.getConnection(this.url);
				Statement statement = connection.createStatement()) {
			statement.execute("select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory'"
					+ " and classid = " + (key >>> 32) + " and objid = " + (key & 0xffffffffL));
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
