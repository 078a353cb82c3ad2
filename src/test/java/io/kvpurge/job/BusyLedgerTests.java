package io.kvpurge.job;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.ledger.CallCounts;
import io.kvpurge.ledger.DatabaseBusyException;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.LedgerDatabase;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.ledger.RunTotals;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.memory.MemoryStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The ledger's database is open elsewhere when a run is launched. */
class BusyLedgerTests {

	private static final RunTotals NOTHING = new RunTotals(0, 0, EntryCounts.ZERO, CallCounts.ZERO, Map.of());

	private final MemoryStore store = new MemoryStore("busy", Clock.systemUTC());

	@TempDir
	private Path home;

	@Test
	void aLedgerThatIsOnlyReadIsWaitedFor() throws InterruptedException {
		CountDownLatch looked = new CountDownLatch(1);
		PurgeTester tester = new PurgeTester(this.home, new NoticingClock(looked));
		this.store.write(PurgeTester.entries(30));
		tester.run(this.store, PurgeTester.everyThird(1));
		tester.folder().show(live(Instant.now().minusSeconds(3600)));
		CompletableFuture<RunReport> run;
		try (LedgerDatabase reading = tester.folder().own()) {
			assertThat(reading.ledger().definitions()).containsExactly("test");
			run = CompletableFuture.supplyAsync(() -> tester.run(this.store, PurgeTester.everyThird(1)));
			// It asks how old live.json is only when it has found the database busy.
			assertThat(looked.await(60, TimeUnit.SECONDS)).isTrue();
			assertThat(run).isNotDone();
		}
		assertThat(run.join().run().state()).isEqualTo(RunState.COMPLETED);
	}

	@Test
	void aRunThatIsUnderWayIsNamedAtOnce() {
		PurgeTester tester = new PurgeTester(this.home);
		tester.run(this.store, PurgeTester.everyThird(1));
		tester.folder().show(live(Instant.now()));
		try (LedgerDatabase running = tester.folder().own()) {
			assertThat(running.location()).endsWith(".mv.db");
			assertThatExceptionOfType(DatabaseBusyException.class)
				.isThrownBy(() -> tester.run(this.store, PurgeTester.everyThird(1)))
				.withMessageMatching("run test.1 is under way since .* \\(pid 4711 on elsewhere\\)");
		}
	}

	@Test
	void whoIsPatientWaitsForARunToEnd() throws InterruptedException {
		CountDownLatch looked = new CountDownLatch(1);
		PurgeTester tester = new PurgeTester(this.home, new NoticingClock(looked));
		this.store.write(PurgeTester.entries(30));
		RunRequest request = new RunRequest(
				new DefinitionReader().read(PurgeTester.everyThird(1), "test").bind(Map.of()), RunMode.PURGE, false,
				Duration.ofMinutes(5));
		CompletableFuture<RunReport> run;
		try (LedgerDatabase running = tester.folder().own()) {
			assertThat(running.ledger().definitions()).isEmpty();
			tester.folder().show(live(Instant.now()));
			run = CompletableFuture.supplyAsync(() -> tester.jobs(this.store).run(request, RunListener.NONE));
			assertThat(looked.await(60, TimeUnit.SECONDS)).isTrue();
			assertThat(run).isNotDone();
		}
		assertThat(run.join().run().state()).isEqualTo(RunState.COMPLETED);
	}

	private static LiveRun live(Instant updatedAt) {
		return new LiveRun("test.1", 1, 4711, "elsewhere", updatedAt, updatedAt, NOTHING, List.of(), Pace.NOT_YET);
	}

	private static final class NoticingClock extends Clock {

		private final CountDownLatch looked;

		NoticingClock(CountDownLatch looked) {
			this.looked = looked;
		}

		@Override
		public Instant instant() {
			if (StackWalker.getInstance()
				.walk((frames) -> frames
					.anyMatch((frame) -> frame.getClassName().equals(LedgerAcquisition.class.getName())))) {
				this.looked.countDown();
			}
			return Instant.now();
		}

		@Override
		public ZoneId getZone() {
			return Clock.systemUTC().getZone();
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

	}

}
