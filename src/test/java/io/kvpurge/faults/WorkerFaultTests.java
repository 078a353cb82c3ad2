package io.kvpurge.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.testkit.ArtemisServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Real processes that work on one run, a real broker, a real database, and what befalls
 * them. A few rounds in each build; more by {@code -Dkvpurge.rounds=100}, which takes the
 * kinds in turn; again from a seed by {@code -Dkvpurge.seed=N}; some kinds only by
 * {@code -Dkvpurge.blow=WORKER_FROZEN,BROKER_RESTARTED}.
 */
class WorkerFaultTests {

	/** Those that are over soonest. */
	private static final List<Blow> IN_EACH_BUILD = List.of(Blow.WORKER_KILLED, Blow.LAUNCHER_KILLED);

	private static final int ROUNDS = Integer.getInteger("kvpurge.rounds", IN_EACH_BUILD.size());

	private static final long SEED = Long.getLong("kvpurge.seed", 1);

	@TempDir
	private static Path folder;

	private static ArtemisServer broker;

	private static FaultCampaign campaign;

	@BeforeAll
	static void startBroker() {
		broker = ArtemisServer.start(folder.resolve("broker"));
		campaign = new FaultCampaign(folder);
	}

	@AfterAll
	static void stopBroker() {
		broker.close();
	}

	@Test
	void whateverBefallsARunOfSeveralProcessesEveryPromiseIsKept() throws Exception {
		Map<Blow, Integer> blows = new TreeMap<>();
		List<Blow> kinds = kinds();
		for (int round = 0; round < ROUNDS; round++) {
			Blow blow = kinds.get(round % kinds.size());
			Instant begun = Instant.now();
			trial(SEED + round, blow);
			blows.merge(blow, 1, Integer::sum);
			System.out.println("kvpurge workers: " + blow + " in " + Duration.between(begun, Instant.now()).toSeconds()
					+ " s; rounds " + blows + ", 0 violations");
		}
	}

	private static List<Blow> kinds() {
		String wanted = System.getProperty("kvpurge.blow");
		if (wanted != null) {
			return Arrays.stream(wanted.split(",")).map(Blow::valueOf).toList();
		}
		return (System.getProperty("kvpurge.rounds") != null) ? List.of(Blow.values()) : IN_EACH_BUILD;
	}

	private void trial(long seed, Blow blow) throws Exception {
		assertThat(new WorkerTrial(campaign.scene(), broker, campaign.nextFolder(), seed, blow).run())
			.as("-Dkvpurge.seed=%d -Dkvpurge.blow=%s", seed, blow)
			.isEmpty();
	}

}
