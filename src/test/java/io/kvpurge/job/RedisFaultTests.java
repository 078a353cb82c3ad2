package io.kvpurge.job;

import java.nio.file.Path;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.kvpurge.testkit.DurableRedisServer;
import io.kvpurge.testkit.TcpProxy;

/**
 * Whole runs on a real server that is killed and started again, over connections that are
 * cut. Longer by {@code -Dkvpurge.redis-faults=100}; again from a seed by
 * {@code -Dkvpurge.seed=N}.
 */
class RedisFaultTests {

	private static int runs;

	private static int launches;

	private static int kills;

	private static int cuts;

	private DurableRedisServer server;

	private TcpProxy proxy;

	/**
	 * For each run: SCAN goes through all that is in the server, from the beginning
	 * whenever it was killed. With what is left of other runs that would take for ever.
	 */
	@BeforeEach
	void start() throws Exception {
		this.server = DurableRedisServer.start();
		this.proxy = new TcpProxy(this.server.port());
	}

	@AfterEach
	void stop() throws Exception {
		this.proxy.close();
		this.server.close();
	}

	@AfterAll
	static void sumUp() {
		System.out.printf("kvpurge redis faults: %d runs completed and looked at, %d launches, servers killed %d "
				+ "times, connections to be cut %d times%n", runs, launches, kills, cuts);
	}

	private static void count(RedisTrial trial) {
		runs++;
		launches += trial.launches();
		kills += trial.kills();
		cuts += trial.cuts();
	}

	static LongStream seeds() {
		long first = Long.getLong("kvpurge.seed", 1);
		return LongStream.range(first, first + Integer.getInteger("kvpurge.redis-faults", 1));
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void whateverHappensToTheServerEachKeyGoesOnceAndIsCountedOnce(long seed, @TempDir Path home) {
		RedisTrial trial = new RedisTrial(home, seed, this.server, this.proxy);
		trial.runToItsEnd(false);
		trial.assertEveryPromise();
		trial.assertEveryEntryIsCountedOnce();
		count(trial);
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void whoeverElseWritesNothingGoesThatDoesNotMatch(long seed, @TempDir Path home) {
		RedisTrial trial = new RedisTrial(home, -seed, this.server, this.proxy);
		trial.runToItsEnd(true);
		trial.assertEveryPromise();
		count(trial);
	}

}
