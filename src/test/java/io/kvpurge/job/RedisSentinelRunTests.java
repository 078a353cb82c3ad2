package io.kvpurge.job;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.report.RunReport;
import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.store.redis.RedisStoreType;
import io.kvpurge.testkit.RedisSentinel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** A purge of a primary that a sentinel watches, and that dies meanwhile. */
class RedisSentinelRunTests {

	@TempDir
	private Path home;

	private static KeyValueStore open(RedisSentinel sentinel, String primary, String password) {
		return new RedisStoreType().open(new StoreOptions(Map.of("url", List.of(sentinel.url(3)), "sentinel",
				List.of(primary), "sentinel-password", List.of(password)), Duration.ofSeconds(10)));
	}

	@Test
	void theReplicaTakesThePlaceOfThePrimary() {
		RedisSentinel sentinel = RedisSentinel.start();
		try {
			assertThatExceptionOfType(InvalidStoreException.class)
				.isThrownBy(() -> open(sentinel, "another", RedisSentinel.PASSWORD))
				.withMessage("store: the sentinels know no primary 'another': look at 'sentinel' and 'url'");
			assertThatExceptionOfType(InvalidStoreException.class)
				.isThrownBy(() -> open(sentinel, RedisSentinel.PRIMARY, "wrong"))
				.withMessageContaining("sentinel-password");
			RedisRunTester tester = new RedisRunTester(this.home, Map.of("url", List.of(sentinel.url(3)), "sentinel",
					List.of(RedisSentinel.PRIMARY), "sentinel-password", List.of(RedisSentinel.PASSWORD)));
			tester.fill();
			sentinel.replicate();
			try (KeyValueStore store = tester.open()) {
				assertThat(store.identity())
					.isEqualTo("redis-sentinel:kvpurge-tests@" + sentinel.url(3).substring("redis://".length()));
			}
			RunReport report = tester.run((page) -> {
				if (page == 4) {
					sentinel.killPrimary();
				}
			});
			tester.assertDone(report);
		}
		finally {
			sentinel.stop();
		}
	}

}
