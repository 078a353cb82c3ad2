package io.kvpurge.job;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.lettuce.core.cluster.SlotHash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.ledger.RunState;
import io.kvpurge.report.RunReport;
import io.kvpurge.testkit.RedisCluster;

import static org.assertj.core.api.Assertions.assertThat;

/** Purges of a real cluster whose keys move, or one of whose servers dies, meanwhile. */
class RedisClusterRunTests {

	private static final int SLOTS_AT_ONCE = 5;

	@TempDir
	private Path home;

	private RedisRunTester tester(RedisCluster cluster) {
		return new RedisRunTester(this.home, Map.of("url", List.of(cluster.url(1, 2)), "cluster", List.of("true")));
	}

	private RedisRunTester filled(RedisCluster cluster) {
		cluster.clear();
		RedisRunTester tester = tester(cluster);
		tester.fill();
		return tester;
	}

	/**
	 * The slots of keys that go, of the first server. All moves go from there to the
	 * second one: where they go round faster than the servers can tell one another, slots
	 * end up with nobody.
	 */
	private static Deque<Integer> slots(RedisCluster cluster) {
		return new ArrayDeque<>(RedisRunTester.keys(0)
			.stream()
			.map((key) -> SlotHash.getSlot(key.bytes()))
			.distinct()
			.filter((slot) -> cluster.holds(0, slot))
			.toList());
	}

	@Test
	void noKeyIsMissedWhoseSlotMovesMeanwhile() {
		RedisCluster cluster = RedisCluster.shared();
		RedisRunTester tester = filled(cluster);
		Deque<Integer> slots = slots(cluster);
		RunReport report = tester.run((page) -> {
			for (int i = 0; i < SLOTS_AT_ONCE && page <= 10; i++) {
				cluster.move(slots.remove(), 0, 1);
			}
		});
		tester.assertDone(report);
	}

	@Test
	void aSlotOnItsWayIsReadAndDeletedWhereItsKeysAre() {
		RedisCluster cluster = RedisCluster.shared();
		RedisRunTester tester = filled(cluster);
		Deque<Integer> slots = slots(cluster);
		List<Integer> way = IntStream.range(0, 20).mapToObj((i) -> slots.remove()).toList();
		RunReport report = tester.run((page) -> {
			if (page == 3) {
				way.forEach((slot) -> cluster.beginMove(slot, 0, 1));
			}
			if (page == 6) {
				way.forEach((slot) -> cluster.moveKeys(slot, 0, 1, 1));
			}
			if (page == 36) {
				way.forEach((slot) -> cluster.moveKeys(slot, 0, 1, 100));
				way.forEach((slot) -> cluster.endMove(slot, 0, 1));
			}
		});
		tester.assertDone(report);
	}

	@Test
	void aRunIsCarriedOnThoughItsSlotsWereMoved() {
		RedisCluster cluster = RedisCluster.shared();
		RedisRunTester tester = filled(cluster);
		assertThat(tester.runStoppedAt(8).run().state()).isEqualTo(RunState.STOPPED);
		Deque<Integer> slots = slots(cluster);
		for (int i = 0; i < 30; i++) {
			cluster.move(slots.remove(), 0, 1);
		}
		tester.assertDone(tester.run((page) -> {
		}));
	}

	@Test
	void aReplicaTakesThePlaceOfAPrimaryThatDies() {
		RedisCluster cluster = RedisCluster.start(3, 1);
		try {
			RedisRunTester tester = filled(cluster);
			cluster.commands(0).waitForReplication(1, 5_000);
			RunReport report = tester.run((page) -> {
				if (page == 6) {
					cluster.kill(0);
				}
			});
			tester.assertDone(report);
		}
		finally {
			cluster.stop();
		}
	}

}
