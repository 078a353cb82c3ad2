package io.kvpurge.job;

import java.nio.file.Path;
import java.util.stream.LongStream;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole runs against the simulated service on a bad day. Longer by
 * {@code -Dkvpurge.cloudflare=1000}; again from a seed by {@code -Dkvpurge.seed=N}.
 */
class CloudflareFaultTests {

	static LongStream seeds() {
		long first = Long.getLong("kvpurge.seed", 1);
		return LongStream.range(first, first + Integer.getInteger("kvpurge.cloudflare", 1));
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void whateverTheServiceDoesEachKeyGoesOnceAndIsCountedOnce(long seed, @TempDir Path home) {
		try (CloudflareTrial trial = new CloudflareTrial(home, seed, 0.015)) {
			trial.runToItsEnd(false);
			trial.assertEveryPromise();
			trial.assertEveryEntryIsCountedOnce();
		}
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void whoeverElseWritesNothingGoesThatDoesNotMatch(long seed, @TempDir Path home) {
		try (CloudflareTrial trial = new CloudflareTrial(home, seed, 0.015)) {
			trial.runToItsEnd(true);
			trial.assertEveryPromise();
		}
	}

}
