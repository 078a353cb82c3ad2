package io.kvpurge.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.lettuce.core.MigrateArgs;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.ClusterPartitionParser;
import org.awaitility.Awaitility;

/**
 * A real Redis Cluster that keeps nothing on disk: primaries that share the slots evenly,
 * and replicas of them behind.
 */
public final class RedisCluster {

	/**
	 * How long a server may be silent before it is thought to be gone, in milliseconds.
	 */
	private static final String NODE_TIMEOUT = "1000";

	private final List<RedisServer> servers = new ArrayList<>();

	private final List<String> ids = new ArrayList<>();

	private final int primaries;

	private final RedisClusterClient client;

	private final StatefulRedisClusterConnection<String, String> connection;

	private RedisCluster(int primaries, int replicas) {
		this.primaries = primaries;
		for (int i = 0; i < primaries + replicas; i++) {
			this.servers.add(RedisServer.start("--cluster-enabled", "yes", "--cluster-node-timeout", NODE_TIMEOUT,
					"--cluster-config-file", "nodes.conf", "--repl-diskless-sync", "yes", "--repl-diskless-sync-delay",
					"0"));
			this.ids.add(commands(i).clusterMyId());
		}
		meet();
		for (int i = 0; i < replicas; i++) {
			commands(primaries + i).clusterReplicate(this.ids.get(i % primaries));
		}
		Awaitility.await()
			.atMost(Duration.ofMinutes(3))
			.pollInterval(Duration.ofMillis(20))
			.until(() -> IntStream.range(0, this.servers.size()).allMatch(this::isReady));
		this.client = RedisClusterClient.create(RedisURI.create("127.0.0.1", this.servers.get(0).port()));
		this.connection = this.client.connect();
	}

	/** The one for all tests of this process: three primaries, whose keys come and go. */
	public static RedisCluster shared() {
		return Shared.RUNNING;
	}

	/** A cluster of one's own, to be stopped. */
	public static RedisCluster start(int primaries, int replicas) {
		return new RedisCluster(primaries, replicas);
	}

	private void meet() {
		int first = this.servers.get(0).port();
		for (int i = 0; i < this.primaries; i++) {
			int from = firstSlot(i);
			commands(i).clusterAddSlots(IntStream.range(from, firstSlot(i + 1)).toArray());
			commands(i).clusterSetConfigEpoch(i + 1);
		}
		for (int i = 1; i < this.servers.size(); i++) {
			commands(i).clusterMeet("127.0.0.1", first);
		}
		Awaitility.await()
			.atMost(Duration.ofMinutes(3))
			.pollInterval(Duration.ofMillis(20))
			.until(() -> IntStream.range(0, this.servers.size())
				.allMatch((i) -> commands(i).clusterInfo().contains("cluster_known_nodes:" + this.servers.size())
						&& commands(i).clusterInfo().contains("cluster_state:ok")));
	}

	private boolean isReady(int number) {
		return number < this.primaries || commands(number).info("replication").contains("master_link_status:up");
	}

	/** The first slot of a primary. */
	public int firstSlot(int number) {
		return SlotHash.SLOT_COUNT * number / this.primaries;
	}

	/** The commands of one server alone. */
	public RedisCommands<String, String> commands(int number) {
		return this.servers.get(number).commands();
	}

	/** The commands of all servers. */
	public StatefulRedisClusterConnection<String, String> connection() {
		return this.connection;
	}

	/** Whether a server says that it holds a slot. */
	public boolean holds(int number, int slot) {
		return ClusterPartitionParser.parse(commands(number).clusterNodes())
			.getPartitionByNodeId(this.ids.get(number))
			.hasSlot(slot);
	}

	/** A URL that names some of the servers. */
	public String url(int... numbers) {
		return Arrays.stream(numbers)
			.mapToObj((number) -> "127.0.0.1:" + this.servers.get(number).port())
			.collect(Collectors.joining(",", "redis://", ""));
	}

	/** Begins to move a slot: from now on keys may go. */
	public void beginMove(int slot, int from, int to) {
		commands(to).clusterSetSlotImporting(slot, this.ids.get(from));
		commands(from).clusterSetSlotMigrating(slot, this.ids.get(to));
	}

	/**
	 * Moves so many keys of a slot.
	 * @return how many went
	 */
	public int moveKeys(int slot, int from, int to, int most) {
		List<String> keys = commands(from).clusterGetKeysInSlot(slot, most);
		if (!keys.isEmpty()) {
			commands(from).migrate("127.0.0.1", this.servers.get(to).port(), 0, 10_000, MigrateArgs.Builder.keys(keys));
		}
		return keys.size();
	}

	/**
	 * Ends the move of a slot all of whose keys went. All are told, as redis-cli does it:
	 * whoever hears of many moves by hearsay takes some of them back.
	 */
	public void endMove(int slot, int from, int to) {
		commands(to).clusterSetSlotNode(slot, this.ids.get(to));
		commands(from).clusterSetSlotNode(slot, this.ids.get(to));
		for (int other = 0; other < this.primaries; other++) {
			if (other != to && other != from) {
				commands(other).clusterSetSlotNode(slot, this.ids.get(to));
			}
		}
	}

	/** Moves a slot with its keys. */
	public void move(int slot, int from, int to) {
		beginMove(slot, from, to);
		while (moveKeys(slot, from, to, 100) > 0) {
			// until none is left
		}
		endMove(slot, from, to);
	}

	/** Leaves no key. */
	public void clear() {
		for (int i = 0; i < this.primaries; i++) {
			commands(i).flushall();
		}
	}

	/** Kills a server. */
	public void kill(int number) {
		this.servers.get(number).kill();
	}

	/** Stops all servers. */
	public void stop() {
		this.connection.close();
		this.client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
		this.servers.forEach(RedisServer::stop);
	}

	/** Holds the cluster: loaded, and by that started, at its first use. */
	private static final class Shared {

		static final RedisCluster RUNNING = start(3, 0);

	}

}
