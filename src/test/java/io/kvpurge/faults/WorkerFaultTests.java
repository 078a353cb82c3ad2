package io.kvpurge.faults;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.testkit.ArtemisServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Real processes that work on one run, a real broker, a real database, and what befalls
 * them. Only by {@code -Dkvpurge.rounds=100}; again from a seed by
 * {@code -Dkvpurge.seed=N}; one kind only by {@code -Dkvpurge.blow=WORKER_FROZEN}.
 */
@EnabledIfSystemProperty(named = "kvpurge.rounds", matches = "\\d+")
class WorkerFaultTests {

	private static final long SEED = Long.getLong("kvpurge.seed", 1);

	@TempDir
	private static Path folder;

	private static ArtemisServer broker;

	private static FaultCampaign campaign;

	@BeforeAll
	static void startBrokerAndLeaveTheArchiveFromWhichAllOthersStartFast() throws Exception {
		broker = ArtemisServer.start(folder.resolve("broker"));
		campaign = new FaultCampaign(folder);
		campaign.run(FaultTrial.Plan.of(0, List.of()), false);
	}

	@AfterAll
	static void stopBroker() {
		broker.close();
	}

	@Test
	void whateverBefallsARunOfSeveralProcessesEveryPromiseIsKept() throws Exception {
		Map<Blow, Integer> blows = new TreeMap<>();
		String only = System.getProperty("kvpurge.blow");
		for (long seed = SEED; seed < SEED + Integer.getInteger("kvpurge.rounds"); seed++) {
			Blow blow = (only != null) ? Blow.valueOf(only)
					: Blow.values()[new Random(seed).nextInt(Blow.values().length)];
			trial(seed, blow);
			blows.merge(blow, 1, Integer::sum);
			System.out.println("kvpurge workers: trials " + blows + ", 0 violations");
		}
	}

	private void trial(long seed, Blow blow) throws Exception {
		assertThat(new WorkerTrial(campaign.scene(), broker, campaign.nextFolder(), seed).run(campaign.command(), blow))
			.as("-Dkvpurge.seed=%d -Dkvpurge.blow=%s", seed, blow)
			.isEmpty();
	}

}
