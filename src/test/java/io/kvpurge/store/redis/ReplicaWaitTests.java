package io.kvpurge.store.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.EntryFields;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.testkit.DurableRedisServer;

import static org.assertj.core.api.Assertions.assertThat;

/** With a real replica. */
class ReplicaWaitTests {

	private static final List<KeyEntry> ENTRIES = List.of(KeyEntry.of(Key.of("a")), KeyEntry.of(Key.of("b")),
			KeyEntry.of(Key.of("gone")));

	private static DurableRedisServer primary;

	private static DurableRedisServer replica;

	@BeforeAll
	static void start() {
		primary = DurableRedisServer.start("--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0");
		replica = DurableRedisServer.start("--replicaof", "127.0.0.1", String.valueOf(primary.port()));
	}

	@AfterAll
	static void stop() {
		replica.close();
		primary.close();
	}

	private static KeyValueStore store(int replicas) {
		return new RedisStoreType().open(new StoreOptions(
				Map.of("url", List.of(primary.url()), "wait-replicas", List.of(String.valueOf(replicas))),
				Duration.ofMillis(500), new EntryFields(Set.of(), false, false)));
	}

	private static DeleteResult delete(int replicas) {
		try (KeyValueStore store = store(replicas); var connection = primary.connect()) {
			Awaitility.await().until(() -> connection.sync().waitForReplication(1, 100) == 1);
			connection.sync().mset(Map.of("a", "1", "b", "2"));
			connection.sync().waitForReplication(1, 1000);
			return store.delete(ENTRIES);
		}
	}

	@Test
	void aDeleteIsDoneOnceTheReplicaHasIt() {
		DeleteResult result = delete(1);
		try (var connection = replica.connect()) {
			assertThat(connection.sync().exists("a", "b")).isZero();
		}
		assertThat(result.deleted()).containsExactly(Key.of("a"), Key.of("b"));
		assertThat(result.vanished()).containsExactly(Key.of("gone"));
	}

	@Test
	void whatTooFewReplicasHaveIsInDoubt() {
		DeleteResult result = delete(2);
		assertThat(result.deleted()).isEmpty();
		assertThat(result.doubtful()).containsExactly(Key.of("a"), Key.of("b"));
		assertThat(result.vanished()).containsExactly(Key.of("gone"));
		assertThat(result.cause()).hasMessage("only 1 of 2 replicas had the deletes after 250 ms");
	}

	/**
	 * WAIT over a new connection would find that the replicas have all of its nothing.
	 */
	@Test
	void whatWentOverAConnectionThatIsThereNoMoreIsInDoubt() {
		Credentials nobody = new Credentials(null, null);
		try (Client client = new Client(false, nobody, nobody, Duration.ofSeconds(30));
				var observer = primary.connect()) {
			Awaitility.await().until(() -> observer.sync().waitForReplication(1, 100) == 1);
			ServerConnection connection = new ServerConnection(client,
					() -> client.server(new ServerAddress("127.0.0.1", primary.port()), 0), (facts) -> {
					});
			ReplicaWait wait = new ReplicaWait(connection, 1, Duration.ofSeconds(30));
			DeleteResult done = DeleteResult.allDeleted(List.of(Key.of("a")));
			assertThat(wait.confirm(() -> done)).isEqualTo(done);
			DeleteResult lost = wait.confirm(() -> {
				connection.doubt();
				return done;
			});
			assertThat(lost.doubtful()).containsExactly(Key.of("a"));
			assertThat(lost.deleted()).isEmpty();
		}
	}

}
