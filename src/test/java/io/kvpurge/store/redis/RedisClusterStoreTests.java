package io.kvpurge.store.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.testkit.RedisCluster;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** All that a single server promises, on a real cluster. */
class RedisClusterStoreTests extends RedisStoreTests {

	private static final AtomicInteger opened = new AtomicInteger();

	private String url = "";

	private static RedisCluster cluster() {
		return RedisCluster.shared();
	}

	/** Named by other servers each time, since there is but one. */
	@Override
	protected KeyValueStore openEmpty() {
		int named = 1 + opened.getAndIncrement() % 7;
		this.url = cluster().url(IntStream.range(0, 3).filter((i) -> (named & (1 << i)) != 0).toArray());
		cluster().clear();
		return openAgain();
	}

	@Override
	protected KeyValueStore openAgain() {
		return new RedisStoreType().open(new StoreOptions(Map.of("url", List.of(this.url), "cluster", List.of("true")),
				Duration.ofSeconds(30), fields()));
	}

	@ParameterizedTest
	@CsvSource({ "wait-replicas, 1", "max-latency, PT0.02S" })
	void whatSpeaksOfOnePrimaryIsRefused(String option, String value) {
		StoreOptions options = new StoreOptions(
				Map.of("url", List.of(cluster().url(0)), "cluster", List.of("true"), option, List.of(value)),
				Duration.ofSeconds(30), fields());
		assertThatExceptionOfType(InvalidStoreException.class).isThrownBy(() -> new RedisStoreType().open(options))
			.withMessage(
					"store: 'wait-replicas' and 'max-latency' are for one primary, not for a cluster: leave them out");
	}

	@Override
	protected RedisClusterCommands<String, String> redis() {
		return cluster().connection().sync();
	}

}
