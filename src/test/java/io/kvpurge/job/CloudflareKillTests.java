package io.kvpurge.job;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunState;
import io.kvpurge.ledger.RunTotals;
import io.kvpurge.store.Key;
import io.kvpurge.testkit.KvpurgeProcess;
import io.kvpurge.testkit.cloudflare.Call;
import io.kvpurge.testkit.cloudflare.CloudflareSimulator;
import io.kvpurge.testkit.cloudflare.Faults;
import io.kvpurge.testkit.cloudflare.RequestListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Real processes that purge a namespace of the simulated service on a bad day, and are
 * killed while one of their requests is under way: before anything is done about it, or
 * when it is done and not answered, or some time after it. Longer by
 * {@code -Dkvpurge.kills=N}; again from a seed by {@code -Dkvpurge.seed=N}.
 */
class CloudflareKillTests {

	private static final long SEED = Long.getLong("kvpurge.seed", 1);

	private static final int ENTRIES = 10_000;

	/** A run that does not come further for a third time is begun anew. */
	private static final int KILLS_OF_A_TRIAL = 2;

	/** A launch that is not killed asks about so often. */
	private static final int REQUESTS = 20;

	private static final int MOST_LAUNCHES = 40;

	private static final int KILLED = 137;

	@TempDir
	private Path folder;

	@Test
	void killedAtAnyMomentEachKeyGoesOnceAndIsCountedOnce() throws Exception {
		int wanted = Integer.getInteger("kvpurge.kills", KILLS_OF_A_TRIAL);
		int trials = 0;
		int launches = 0;
		int kills = 0;
		int inDoubt = 0;
		for (long seed = SEED; kills < wanted; seed++) {
			try (Trial trial = new Trial(this.folder, seed)) {
				trial.service.faults(Faults.all(seed, 0.005));
				trial.runToItsEnd(Math.min(KILLS_OF_A_TRIAL, wanted - kills));
				trial.judge();
				launches += trial.launches;
				kills += trial.kills;
				inDoubt += trial.killsInDoubt;
			}
			trials++;
		}
		System.out.printf("kvpurge cloudflare kills: %d launches, %d kills, at least %d of them with calls in doubt, "
				+ "%d runs completed, 0 violations%n", launches, kills, inDoubt, trials);
	}

	@Test
	void theOracleSeesACallThatIsAnnouncedTooLate() throws Exception {
		try (Trial trial = new Trial(this.folder, SEED)) {
			assertThat(trial.launch(new Moment(Call.BULK_DELETE, 1, Moment.When.ARRIVED, 0))).isEqualTo(KILLED);
			Awaitility.await().until(() -> !trial.service.journal().deletes().isEmpty());
			// As if calls were announced when they are settled.
			trial.tester.sql("delete from purge_call where state = 'ANNOUNCED'");
			Set<Key> inCalls = trial.tester.outcomes(Trial.RUN).keySet();
			assertThatThrownBy(() -> trial.oracle.assertWhatIsGoneStandsInACall(inCalls))
				.isInstanceOf(AssertionError.class)
				.hasMessageContaining("deleted, and in no call");
		}
	}

	/**
	 * When a process is killed.
	 *
	 * @param call the kind of request, null for any
	 * @param number which of them, counted from 1
	 * @param millis how long after it, if later
	 */
	private record Moment(@Nullable Call call, int number, When when, int millis) {

		/** Deletes are few, and what they leave behind is the most difficult. */
		static Moment byChance(Random random) {
			boolean isDelete = random.nextBoolean();
			return new Moment(isDelete ? Call.BULK_DELETE : null,
					1 + random.nextInt(isDelete ? CloudflareOracle.PREFIXES : REQUESTS),
					When.values()[random.nextInt(When.values().length)], random.nextInt(300));
		}

		RequestListener killing(KvpurgeProcess process) {
			AtomicInteger requests = new AtomicInteger();
			return new RequestListener() {
				@Override
				public void arrived(long request, Call called) {
					count(called, When.ARRIVED);
				}

				@Override
				public void answered(long request, Call called, int status) {
					count(called, When.ANSWERED);
					count(called, When.LATER);
				}

				private void count(Call called, When now) {
					if (now != when() || (call() != null && call() != called)
							|| requests.incrementAndGet() != number()) {
						return;
					}
					if (now == When.LATER) {
						CompletableFuture.delayedExecutor(millis(), TimeUnit.MILLISECONDS).execute(process::kill);
						return;
					}
					process.kill();
					// The request goes on when its sender is dead for certain.
					process.await();
				}
			};
		}

		enum When {

			ARRIVED, ANSWERED, LATER

		}

	}

	/** One run, launched until it is completed. */
	private static final class Trial implements AutoCloseable {

		private static final RunId RUN = new RunId("test", 1);

		private final Path home;

		private final String name;

		private final Random random;

		private final CloudflareSimulator service;

		private final CloudflareOracle oracle;

		private final Path definition;

		private final PurgeTester tester;

		private int launches;

		private int kills;

		private int killsInDoubt;

		Trial(Path folder, long seed) throws Exception {
			this.home = Files.createDirectory(folder.resolve(Long.toString(seed)));
			this.name = "-Dkvpurge.seed=" + seed;
			this.random = new Random(seed);
			// Seeds that follow one another begin with nearly the same number.
			this.random.nextInt();
			this.tester = new PurgeTester(this.home);
			this.service = CloudflareOracle.simulator(seed);
			this.oracle = new CloudflareOracle(this.name, this.service, ENTRIES);
			this.definition = Files.writeString(this.home.resolve("test.yaml"), """
					version: 1
					name: test
					store:
					  type: cloudflare
					  account-id: ${CLOUDFLARE_ACCOUNT_ID}
					  api-token: ${CLOUDFLARE_API_TOKEN}
					  namespace-id: %s
					  base-url: "%s"
					select:
					  prefixes: %s
					  where: "%s"
					partitions: %d
					limits: {max-fraction: %s}
					""".formatted(this.oracle.namespace(), this.service.baseUrl(), CloudflareOracle.prefixes(),
					PurgeTester.EVERY_THIRD, CloudflareOracle.PREFIXES, (seed % 2 == 0) ? "0.5" : "1"));
		}

		/**
		 * Launches it until it is completed.
		 * @param most how many launches are killed at most
		 */
		void runToItsEnd(int most) {
			for (int launch = 0; launch < MOST_LAUNCHES; launch++) {
				int status = launch((this.kills < most) ? Moment.byChance(this.random) : null);
				if (status == 0 || status == 6) {
					return;
				}
			}
			throw new AssertionError(this.name + ": does not come to its end");
		}

		/**
		 * Launches it once.
		 * @param moment when it is killed; null to let it live
		 */
		private int launch(@Nullable Moment moment) {
			this.launches++;
			try (KvpurgeProcess process = KvpurgeProcess.start(this.home, environment(), "run",
					this.definition.toString(), "--home", this.home.toString())) {
				if (moment != null) {
					this.service.listen(moment.killing(process));
				}
				int status = process.await();
				assertThat(status).as("%s, %s: %s", this.name, moment, process.err()).isIn(0, 1, 6, KILLED);
				this.kills += (status == KILLED) ? 1 : 0;
				this.killsInDoubt += (status == KILLED && moment != null && moment.call() == Call.BULK_DELETE
						&& moment.when() != Moment.When.LATER) ? 1 : 0;
				return status;
			}
			finally {
				this.service.listen(new RequestListener() {
				});
			}
		}

		private Map<String, String> environment() {
			return Map.of("CLOUDFLARE_ACCOUNT_ID", this.service.accountId(), "CLOUDFLARE_API_TOKEN",
					this.service.token(), "KVPURGE_SETTLE_DELAY", CloudflareOracle.SETTLE_DELAY.toMillis() + "ms",
					"KVPURGE_REQUEST_TIMEOUT", CloudflareOracle.REQUEST_TIMEOUT.toMillis() + "ms", "KVPURGE_MAX_AGE",
					CloudflareOracle.MAX_AGE.toMillis() + "ms");
		}

		void judge() {
			RunTotals totals = this.tester.ledger((ledger) -> ledger.totals(RUN));
			List<PurgeRun> runs = this.tester.ledger((ledger) -> ledger.runs("test"));
			// Who dies behind the seal has done everything: the next launch is a new run.
			assertThat(runs).as(this.name)
				.hasSizeBetween(1, 1 + this.kills)
				.allMatch((each) -> each.state() == RunState.COMPLETED);
			this.oracle.assertEveryPromise(this.tester, RUN, totals.counts(), 0);
			this.oracle.assertEveryEntryIsCountedOnce(totals.counts());
		}

		@Override
		public void close() {
			this.service.close();
		}

	}

}
