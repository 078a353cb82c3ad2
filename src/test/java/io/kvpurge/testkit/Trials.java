package io.kvpurge.testkit;

import java.time.Duration;
import java.util.Random;

/**
 * Many trials, each from a seed of its own. {@code -Dkvpurge.trials=N} makes N of each
 * kind, {@code -Dkvpurge.seed=N} begins with that seed. A failure names its seed.
 */
public final class Trials {

	private static final Duration LONGEST = Duration.ofMinutes(3);

	private Trials() {
	}

	/**
	 * Makes so many trials, or as many as were asked for.
	 * @throws AssertionError if one fails, or takes so long that it would be taken for
	 * hanging
	 */
	public static void of(int usual, Trial trial) {
		long first = Long.getLong("kvpurge.seed", 1);
		long count = Long.getLong("kvpurge.trials", usual);
		for (long seed = first; seed < first + count; seed++) {
			long begun = System.nanoTime();
			try {
				// Neighbouring seeds begin with nearly the same number.
				trial.run(new Random(seed * 0x9E3779B97F4A7C15L));
			}
			catch (Throwable ex) {
				throw new AssertionError("seed " + seed + ": " + ex, ex);
			}
			if (System.nanoTime() - begun > LONGEST.toNanos()) {
				throw new AssertionError("seed " + seed + " took longer than " + LONGEST);
			}
		}
	}

	/** One trial. */
	@FunctionalInterface
	public interface Trial {

		void run(Random random) throws Exception;

	}

}
