package io.kvpurge.faults;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Double launches and frozen processes; longer by {@code -Dkvpurge.rivals=50}: so many
 * trials of each kind on each database; again from a seed by {@code -Dkvpurge.seed=N}.
 */
class RivalTests {

	private static final long SEED = Long.getLong("kvpurge.seed", 1);

	private static final int TRIALS = Integer.getInteger("kvpurge.rivals", 1);

	@TempDir
	private Path folder;

	private final Scene scene = new Scene();

	@Test
	void whoWaitsTakesOverFromWhoIsKilledOrFrozenAndNobodyDeletesTwice() throws Exception {
		int trials = 0;
		for (long seed = SEED; seed < SEED + TRIALS; seed++) {
			for (boolean frozen : new boolean[] { false, true }) {
				for (boolean shared : new boolean[] { false, true }) {
					Path trial = this.folder.resolve("trial" + ++trials);
					LedgerPlace place = shared ? SharedPlace.create() : H2Place.in(trial);
					assertThat(new RivalTrial(this.scene, place, trial, seed).run(frozen))
						.as("-Dkvpurge.seed=%d, %s on %s", seed, frozen ? "frozen" : "killed", place)
						.isEmpty();
				}
			}
		}
		System.out.printf(
				"kvpurge rivals: %d trials, half of them with a process that is frozen and thawed, " + "0 violations%n",
				trials);
	}

}
