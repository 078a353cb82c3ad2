package io.kvpurge.store.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.lettuce.core.cluster.api.sync.RedisClusterCommands;

import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.testkit.RedisCluster;

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

	@Override
	protected RedisClusterCommands<String, String> redis() {
		return cluster().connection().sync();
	}

}
