package io.kvpurge.job;

import java.nio.file.Path;
import java.time.Clock;
import java.util.stream.Stream;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.kvpurge.store.StoreCapability;

/**
 * Many ranges at once, on a store that fails by chance while somebody else writes to it.
 */
@Timeout(120)
class ConcurrencyTests {

	static Stream<Long> seeds() {
		return Stream.iterate(1L, (seed) -> seed + 1).limit(Integer.getInteger("kvpurge.seeds", 2));
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void whateverFailsEachKeyGoesOnceAndWhatWasRewrittenLives(long seed, @TempDir Path home) {
		ConcurrencyTrial trial = new ConcurrencyTrial(home, seed, StoreCapability.values());
		trial.runToItsEnd();
		trial.assertEveryPromise();
		trial.assertRewrittenKeysLive();
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void withALedgerInPostgresqlToo(long seed) {
		try (Home home = PurgeTester.sharedHome(Clock.systemUTC())) {
			ConcurrencyTrial trial = new ConcurrencyTrial(new PurgeTester(home, Clock.systemUTC()), seed,
					StoreCapability.values());
			trial.runToItsEnd();
			trial.assertEveryPromise();
			trial.assertRewrittenKeysLive();
		}
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void onAStoreThatCannotCompareOnlyWhatIsRewrittenMayBeLost(long seed, @TempDir Path home) {
		ConcurrencyTrial trial = new ConcurrencyTrial(home, seed, StoreCapability.METADATA_IN_LISTING,
				StoreCapability.SPLITTABLE, StoreCapability.ORDERED, StoreCapability.RESUMABLE);
		trial.runToItsEnd();
		trial.assertEveryPromise();
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void onAStoreThatForgetsPositionsEachKeyGoesOnceAllTheSame(long seed, @TempDir Path home) {
		ConcurrencyTrial trial = new ConcurrencyTrial(home, seed, StoreCapability.METADATA_IN_LISTING,
				StoreCapability.SPLITTABLE, StoreCapability.ORDERED);
		trial.runToItsEnd();
		trial.assertEveryPromise();
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void whereNobodyElseWritesEachEntryIsCountedOnceHoweverOftenItIsListed(long seed, @TempDir Path home) {
		ConcurrencyTrial trial = new ConcurrencyTrial(home, seed, StoreCapability.values());
		trial.runAlone();
		trial.assertEveryPromise();
		trial.assertEveryEntryIsCountedOnce();
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void countsAreExactOnAStoreThatForgetsPositionsToo(long seed, @TempDir Path home) {
		ConcurrencyTrial trial = new ConcurrencyTrial(home, seed, StoreCapability.METADATA_IN_LISTING,
				StoreCapability.SPLITTABLE, StoreCapability.ORDERED);
		trial.runAlone();
		trial.assertEveryPromise();
		trial.assertEveryEntryIsCountedOnce();
	}

}
