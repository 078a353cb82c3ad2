package io.kvpurge.job;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunState;
import io.kvpurge.ledger.RunTotals;
import io.kvpurge.testkit.KvpurgeProcess;
import io.kvpurge.testkit.cloudflare.Call;
import io.kvpurge.testkit.cloudflare.CloudflareSimulator;
import io.kvpurge.testkit.cloudflare.Faults;
import io.kvpurge.testkit.cloudflare.RequestListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Real processes that purge a namespace of the simulated service on a bad day, and are
 * killed while one of their requests is under way: before anything is done about it, or
 * when it is done and not answered. Longer by {@code -Dkvpurge.kills=N}; again from a
 * seed by {@code -Dkvpurge.seed=N}.
 */
class CloudflareKillTests {

	private static final int ENTRIES = 10_000;

	/** A run that does not come further for a third time is begun anew. */
	private static final int KILLS_OF_A_TRIAL = 2;

	/** A launch that is not killed asks about so often. */
	private static final int REQUESTS = 20;

	private static final int MOST_LAUNCHES = 40;

	@Test
	void killedAtAnyRequestEachKeyGoesOnceAndIsCountedOnce(@TempDir Path folder) throws Exception {
		long seed = Long.getLong("kvpurge.seed", 1);
		int wanted = Integer.getInteger("kvpurge.kills", KILLS_OF_A_TRIAL);
		int trials = 0;
		int kills = 0;
		for (; kills < wanted; seed++) {
			Path home = Files.createDirectory(folder.resolve(Long.toString(seed)));
			try (Trial trial = new Trial(home, seed)) {
				kills += trial.runToItsEnd(Math.min(KILLS_OF_A_TRIAL, wanted - kills));
				trial.judge();
			}
			trials++;
		}
		System.out.printf("Workers KV, simulated: %d runs completed through %d kills, 0 violations%n", trials, kills);
	}

	/** One run, launched until it is completed. */
	private static final class Trial implements AutoCloseable {

		private final Path home;

		private final long seed;

		private final Random random;

		private final CloudflareSimulator service;

		private final CloudflareOracle oracle;

		private final Path definition;

		Trial(Path home, long seed) throws Exception {
			this.home = home;
			this.seed = seed;
			this.random = new Random(seed);
			this.service = CloudflareOracle.simulator(seed);
			this.oracle = new CloudflareOracle("-Dkvpurge.seed=" + seed, this.service, ENTRIES);
			this.service.faults(Faults.all(seed, 0.005));
			this.definition = Files.writeString(home.resolve("test.yaml"), """
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
					""".formatted(this.oracle.namespace(), this.service.baseUrl(), CloudflareOracle.prefixes(),
					PurgeTester.EVERY_THIRD, CloudflareOracle.PREFIXES));
		}

		/** Gives how many launches were killed. */
		int runToItsEnd(int kills) {
			int killed = 0;
			for (int launch = 0; launch < MOST_LAUNCHES; launch++) {
				AtomicBoolean hit = new AtomicBoolean();
				int status = launch((killed < kills) ? hit : null);
				killed += hit.get() ? 1 : 0;
				if (status == 0 || status == 6) {
					return killed;
				}
			}
			throw new AssertionError("-Dkvpurge.seed=" + this.seed + ": does not come to its end");
		}

		/**
		 * @param hit is set if the process was killed; null to let it live
		 */
		private int launch(AtomicBoolean hit) {
			AtomicReference<KvpurgeProcess> victim = new AtomicReference<>();
			if (hit != null) {
				this.service.listen(killing(1 + this.random.nextInt(REQUESTS), this.random.nextBoolean(), victim, hit));
			}
			try (KvpurgeProcess process = KvpurgeProcess.start(this.home, environment(),
					List.of("-XX:TieredStopAtLevel=1"), "run", this.definition.toString(), "--home",
					this.home.toString())) {
				victim.set(process);
				int status = process.await();
				assertThat(status).as("-Dkvpurge.seed=%d: %s", this.seed, process.err()).isIn(0, 1, 6, 137);
				return status;
			}
			finally {
				this.service.listen(new RequestListener() {
				});
			}
		}

		private static RequestListener killing(int number, boolean answered, AtomicReference<KvpurgeProcess> victim,
				AtomicBoolean hit) {
			AtomicInteger requests = new AtomicInteger();
			return new RequestListener() {
				@Override
				public void arrived(long request, Call call) {
					if (!answered) {
						count();
					}
				}

				@Override
				public void answered(long request, Call call, int status) {
					if (answered) {
						count();
					}
				}

				private void count() {
					KvpurgeProcess process = victim.get();
					if (requests.incrementAndGet() == number && process != null) {
						hit.set(true);
						process.kill();
					}
				}
			};
		}

		private Map<String, String> environment() {
			return Map.of("CLOUDFLARE_ACCOUNT_ID", this.service.accountId(), "CLOUDFLARE_API_TOKEN",
					this.service.token(), "KVPURGE_SETTLE_DELAY", CloudflareOracle.SETTLE_DELAY.toMillis() + "ms",
					"KVPURGE_REQUEST_TIMEOUT", CloudflareOracle.REQUEST_TIMEOUT.toMillis() + "ms", "KVPURGE_MAX_AGE",
					CloudflareOracle.MAX_AGE.toMillis() + "ms");
		}

		void judge() {
			PurgeTester tester = new PurgeTester(this.home);
			RunId run = new RunId("test", 1);
			RunTotals totals = tester.ledger((ledger) -> ledger.totals(run));
			List<PurgeRun> runs = tester.ledger((ledger) -> ledger.runs("test"));
			assertThat(runs).as("-Dkvpurge.seed=%d", this.seed).hasSize(1);
			assertThat(runs.get(0).state()).isEqualTo(RunState.COMPLETED);
			this.oracle.assertEveryPromise(tester, run, totals.counts(), 0);
			this.oracle.assertEveryEntryIsCountedOnce(totals.counts());
		}

		@Override
		public void close() {
			this.service.close();
		}

	}

}
