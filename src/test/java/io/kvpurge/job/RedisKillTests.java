package io.kvpurge.job;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

import io.lettuce.core.api.StatefulRedisConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunState;
import io.kvpurge.ledger.RunTotals;
import io.kvpurge.testkit.DurableRedisServer;
import io.kvpurge.testkit.KvpurgeProcess;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Real processes that purge a real server, and are killed when a number of its keys that
 * is drawn by chance is gone, or listed; now and then the server is killed with them.
 * Only with {@code -Dkvpurge.kills=N}; again from a seed by {@code -Dkvpurge.seed=N}.
 */
class RedisKillTests {

	private static final long SEED = Long.getLong("kvpurge.seed", 1);

	private static final int ENTRIES = 20_000;

	/** A run that does not come further for a third time is begun anew. */
	private static final int KILLS_OF_A_TRIAL = 2;

	private static final int MOST_LAUNCHES = 60;

	/**
	 * Of a server that answers at once: but a process that has just begun, on a machine
	 * that is busy, needs seconds for its first connection.
	 */
	private static final String REQUEST_TIMEOUT = "20s";

	private static final int KILLED = 137;

	private static final RunId RUN = new RunId("test", 1);

	@TempDir
	private Path folder;

	@Test
	@EnabledIfSystemProperty(named = "kvpurge.kills", matches = "\\d+")
	void killedAtAnyMomentEachKeyGoesOnceAndIsCountedOnce() throws Exception {
		int wanted = Integer.getInteger("kvpurge.kills", 1);
		int trials = 0;
		int launches = 0;
		int kills = 0;
		int servers = 0;
		for (long seed = SEED; kills < wanted; seed++) {
			try (DurableRedisServer server = DurableRedisServer.start()) {
				Trial trial = new Trial(this.folder, seed, server);
				trial.runToItsEnd(Math.min(KILLS_OF_A_TRIAL, wanted - kills));
				trial.judge();
				launches += trial.launches;
				kills += trial.kills;
				servers += trial.serversKilled;
				System.out.printf("seed %d: %d launches, %d kills, %d of them with the server%n", seed, trial.launches,
						trial.kills, trial.serversKilled);
			}
			trials++;
		}
		System.out.printf("kvpurge redis kills: %d launches, %d kills, %d of them with the server, %d runs completed, "
				+ "0 violations%n", launches, kills, servers, trials);
	}

	/** One run, launched until it is completed. */
	private static final class Trial {

		private final Path home;

		private final Random random;

		private final DurableRedisServer server;

		private final RedisOracle oracle;

		private final Path definition;

		private final PurgeTester tester;

		private int launches;

		private int kills;

		private int serversKilled;

		private String lastWords = "";

		Trial(Path folder, long seed, DurableRedisServer server) throws Exception {
			this.home = Files.createDirectory(folder.resolve(Long.toString(seed)));
			this.random = new Random(seed);
			// Seeds that follow one another begin with nearly the same number.
			this.random.nextInt();
			this.tester = new PurgeTester(this.home);
			this.server = server;
			this.oracle = new RedisOracle("kill" + seed, server, ENTRIES);
			this.definition = Files.writeString(this.home.resolve("test.yaml"), """
					version: 1
					name: test
					store:
					  type: redis
					  url: %s
					select:
					  prefixes: %s
					  where: "%s"
					partitions: %d
					limits: {max-fraction: %s, keys-per-second: 10000}
					""".formatted(server.url(), this.oracle.prefixes(), RedisOracle.RULE, RedisOracle.PREFIXES,
					(seed % 2 == 0) ? "0.5" : "1"));
		}

		void runToItsEnd(int most) {
			for (int launch = 0; launch < MOST_LAUNCHES; launch++) {
				if (launch(this.kills < most) == 0) {
					return;
				}
			}
			throw new AssertionError(this.definition + ": does not come to its end: " + this.lastWords);
		}

		private int launch(boolean killed) {
			this.launches++;
			try (KvpurgeProcess process = KvpurgeProcess.start(this.home,
					Map.of("KVPURGE_SETTLE_DELAY", "200ms", "KVPURGE_REQUEST_TIMEOUT", REQUEST_TIMEOUT), "run",
					this.definition.toString(), "--home", this.home.toString());
					StatefulRedisConnection<String, String> connection = this.server.connect()) {
				if (killed) {
					awaitMoment(process, connection);
					process.kill();
				}
				int status = process.await();
				this.lastWords = process.err();
				assertThat(status).as("%s: %s", this.definition, this.lastWords).isIn(0, 1, KILLED);
				this.kills += (status == KILLED) ? 1 : 0;
				if (status == KILLED && this.random.nextInt(4) == 0) {
					this.serversKilled++;
					this.server.kill();
					this.server.startAgain();
				}
				return status;
			}
		}

		private void awaitMoment(KvpurgeProcess process, StatefulRedisConnection<String, String> connection) {
			boolean byDeletes = this.random.nextInt(3) > 0;
			long there = connection.sync().dbsize();
			long gone = there - this.random.nextInt((int) Math.max(1, there - ENTRIES * 2 / 3));
			long scans = scans(connection) + this.random.nextInt(3 * RedisOracle.PREFIXES);
			int nanos = this.random.nextInt(3_000_000);
			while (process.isAlive() && (byDeletes ? connection.sync().dbsize() >= gone : scans(connection) <= scans)) {
				LockSupport.parkNanos(100_000);
			}
			LockSupport.parkNanos(nanos);
		}

		private static long scans(StatefulRedisConnection<String, String> connection) {
			return connection.sync()
				.info("commandstats")
				.lines()
				.filter((line) -> line.startsWith("cmdstat_scan:"))
				// Not rejected_calls and failed_calls, which end in the same word.
				.mapToLong((line) -> Long.parseLong(line.replaceAll("[^:]*:calls=(\\d+),.*", "$1")))
				.sum();
		}

		void judge() {
			RunTotals totals = this.tester.ledger((ledger) -> ledger.totals(RUN));
			List<PurgeRun> runs = this.tester.ledger((ledger) -> ledger.runs("test"));
			// Who dies behind the seal has done everything: the next launch is a new run.
			assertThat(runs).as("%s", this.definition)
				.hasSizeBetween(1, 1 + this.kills)
				.allMatch((each) -> each.state() == RunState.COMPLETED);
			this.oracle.assertEveryPromise(this.tester, RUN, totals.counts());
			this.oracle.assertEveryEntryIsCountedOnce(totals.counts());
		}

	}

}
