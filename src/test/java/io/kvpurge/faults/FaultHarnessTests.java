package io.kvpurge.faults;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class FaultHarnessTests {

	@TempDir
	private static Path folder;

	private static Scene scene;

	private static ChildJvm jvm;

	@BeforeAll
	static void prepare() throws Exception {
		scene = new Scene();
		jvm = new ChildJvm(folder);
		// Leaves the archive from which the others start fast.
		assertThat(run(FaultTrial.Plan.of(0, List.of())).violations()).isEmpty();
	}

	@Test
	void aRunThatIsKilledAtEveryPointKeepsEveryPromise() throws Exception {
		FaultTrial.Result result = run(FaultTrial.Plan.of(1,
				List.of(Launch.killedAt(Point.SPLIT_STEP, 3), Launch.killedAt(Point.BEFORE_ANNOUNCE, 2),
						Launch.killedAt(Point.AFTER_ANNOUNCE, 2), Launch.killedAt(Point.MID_DELETE, 2),
						Launch.killedAt(Point.RESTART_SPLITTER, 2), Launch.killedAt(Point.AFTER_DELETE, 2),
						Launch.killedAt(Point.IN_SETTLE, 2), Launch.killedAt(Point.AFTER_SETTLE, 2),
						Launch.killedAt(Point.SEAL_STEP, 2))));
		assertThat(result.violations()).isEmpty();
		assertThat(result.hit()).hasSize(9);
		assertThat(result.kills()).isEqualTo(9);
	}

	@Test
	void theOracleSeesCallsThatAreAnnouncedTooLate() throws Exception {
		FaultTrial.Result result = run(
				FaultTrial.Plan.of(2, List.of(Launch.killedAt(Point.AFTER_DELETE, 3).with(Sabotage.ANNOUNCES_LATE))));
		assertThat(result.violations()).anyMatch((line) -> line.startsWith("deleted, and in no call of the ledger"));
	}

	private static int trials;

	private static FaultTrial.Result run(FaultTrial.Plan plan) throws Exception {
		Path trial = folder.resolve("trial" + trials++);
		return new FaultTrial(scene, new H2Place(trial.resolve("home"), trial.resolve("copies")), trial, plan)
			.run(jvm.command());
	}

}
