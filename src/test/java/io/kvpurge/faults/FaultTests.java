package io.kvpurge.faults;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Real processes that purge a real table, and die or fail, until their run is completed;
 * then an oracle judges. Longer by {@code -Dkvpurge.kills=500 -Dkvpurge.points=10
 * -Dkvpurge.faults=50}; again from a seed by {@code -Dkvpurge.seed=N}. Every other trial
 * has its ledger in PostgreSQL, by its seed.
 */
class FaultTests {

	private static final long SEED = Long.getLong("kvpurge.seed", 1);

	private static final int MOST_MORE_TRIALS = 10;

	/**
	 * Whether random kills fall on runs with a ledger in PostgreSQL; both if not said.
	 */
	private static final List<Boolean> LEDGERS = (System.getProperty("kvpurge.shared") != null)
			? List.of(Boolean.getBoolean("kvpurge.shared")) : List.of(false, true);

	/** In kilobytes: less than a ledger needs. */
	private static final int SMALLEST_DISK = 100;

	private static final int LARGEST_DISK = 1000;

	@TempDir
	private static Path folder;

	private static FaultCampaign campaign;

	@BeforeAll
	static void leaveTheArchiveFromWhichAllOthersStartFast() throws Exception {
		campaign = new FaultCampaign(folder);
		campaign.run(FaultTrial.Plan.of(0, List.of()), false);
	}

	@AfterAll
	static void sumUp() {
		System.out.println(campaign.summary());
	}

	@Test
	void aRunThatIsKilledAtEveryPointKeepsEveryPromise() throws Exception {
		for (int i = 0; i < Integer.getInteger("kvpurge.points", 1); i++) {
			FaultTrial.Result result = campaign.run(FaultPlans.everyPoint(SEED + i), isShared(SEED + i));
			// A point that never comes would prove nothing.
			assertThat(result.hit()).as("-Dkvpurge.seed=%d", SEED + i)
				.containsExactlyInAnyOrderElementsOf(
						Arrays.stream(Point.values()).filter((point) -> point != Point.ANY).map(Point::name).toList());
		}
	}

	@Test
	void aRunThatIsKilledAtAnyMomentKeepsEveryPromise() throws Exception {
		int wanted = Integer.getInteger("kvpurge.kills", 2);
		for (boolean shared : LEDGERS) {
			int before = campaign.kills(shared);
			for (long seed = SEED; campaign.kills(shared) < before + wanted; seed++) {
				campaign.run(FaultPlans.kills(seed), shared);
			}
		}
	}

	@Test
	void aRunOnWhichFaultsFallKeepsEveryPromise() throws Exception {
		// A run that survives a fault may be completed before the next one falls.
		Set<String> missing = new TreeSet<>(
				List.of("COMMIT_REFUSED", "COMMIT_UNCERTAIN", "CONNECTION_LOST", "SESSIONS_ENDED", "SIGTERM"));
		int wanted = Integer.getInteger("kvpurge.faults", 1);
		for (int i = 0; i < wanted || (!missing.isEmpty() && i < wanted + MOST_MORE_TRIALS); i++) {
			missing.removeAll(campaign.run(FaultPlans.faults(SEED + i), !isShared(SEED + i)).hit());
		}
		assertThat(missing).as("faults that never fell").isEmpty();
	}

	@Test
	void aRunThatIsCarriedOnTwoDaysLaterJudgesAsOnItsFirstDay() throws Exception {
		Launch later = Launch.QUIET.withClock(Duration.ofHours(48));
		campaign.run(FaultTrial.Plan.of(SEED, List.of(Launch.killedAt(Point.AFTER_DELETE, 5), later)).withNearFuture(),
				false);
	}

	@Test
	void aRunWhoseDiskIsFullIsCarriedOnWhenThereIsRoom() throws Exception {
		for (int i = 0; i < Integer.getInteger("kvpurge.faults", 1); i++) {
			Path trial = campaign.nextFolder();
			int kilobytes = new Random(SEED + i).nextInt(SMALLEST_DISK, LARGEST_DISK);
			try (SmallDisk disk = SmallDisk.mount(trial.resolve("disk"), kilobytes)) {
				FaultTrial.Plan plan = FaultTrial.Plan.of(SEED + i, List.of(Launch.QUIET, Launch.QUIET))
					.meanwhile((launch) -> {
						if (launch == 3) {
							disk.grow();
						}
					});
				FaultTrial.Result result = campaign.run(plan, new H2Place(disk.folder(), trial.resolve("copies")),
						trial);
				assertThat(result.launches()).as("%s kB were enough", kilobytes).isGreaterThan(2);
			}
		}
	}

	@Test
	void aKeyThatIsListedTwiceIsDeletedOnce() throws Exception {
		FaultTrial.Plan plan = FaultTrial.Plan.of(SEED, List.of(Launch.failing(Fault.LISTS_TWICE, 0)));
		assertThat(campaign.run(plan, false).launches()).isEqualTo(1);
	}

	@Test
	void theOracleSeesCallsThatAreAnnouncedTooLate() throws Exception {
		FaultTrial.Result result = campaign.runSabotaged(FaultTrial.Plan.of(SEED,
				List.of(Launch.killedAt(Point.AFTER_DELETE, 3).with(Sabotage.ANNOUNCES_LATE))));
		assertThat(result.violations()).anyMatch((line) -> line.startsWith("deleted, and in no call of the ledger"));
	}

	@Test
	void theOracleSeesCallsThatAreSettledByDeletingAgain() throws Exception {
		assertThat(rewrittenBetween(Sabotage.DELETES_AGAIN).violations())
			.anyMatch((line) -> line.startsWith("deleted against the rule"))
			.anyMatch((line) -> line.startsWith("rewritten so that it does not match, and gone"));
		assertThat(rewrittenBetween(Sabotage.NONE).violations()).isEmpty();
	}

	/** Killed with a call in doubt; then every entry is rewritten before the restart. */
	private static FaultTrial.Result rewrittenBetween(Sabotage sabotage) throws Exception {
		return campaign.runSabotaged(FaultTrial.Plan.of(SEED, List.of(Launch.killedAt(Point.AFTER_ANNOUNCE, 3)))
			.with(sabotage)
			.meanwhile((launch) -> {
				if (launch == 2) {
					try (Connection connection = campaign.scene().connect(Scene.TEST)) {
						SecondWriter.rewriteAll(connection);
					}
				}
			}));
	}

	private static boolean isShared(long seed) {
		return seed % 2 == 0;
	}

}
