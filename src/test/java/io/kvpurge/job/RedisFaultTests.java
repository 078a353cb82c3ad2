package io.kvpurge.job;

import java.nio.file.Path;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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

	private static DurableRedisServer server;

	private static TcpProxy proxy;

	@BeforeAll
	static void start() throws Exception {
		server = DurableRedisServer.start();
		proxy = new TcpProxy(server.port());
	}

	@AfterAll
	static void stop() throws Exception {
		proxy.close();
		server.close();
	}

	static LongStream seeds() {
		long first = Long.getLong("kvpurge.seed", 1);
		return LongStream.range(first, first + Integer.getInteger("kvpurge.redis-faults", 1));
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void whateverHappensToTheServerEachKeyGoesOnceAndIsCountedOnce(long seed, @TempDir Path home) {
		RedisTrial trial = new RedisTrial(home, seed, server, proxy);
		trial.runToItsEnd(false);
		trial.assertEveryPromise();
		trial.assertEveryEntryIsCountedOnce();
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void whoeverElseWritesNothingGoesThatDoesNotMatch(long seed, @TempDir Path home) {
		RedisTrial trial = new RedisTrial(home, -seed, server, proxy);
		trial.runToItsEnd(true);
		trial.assertEveryPromise();
	}

}
