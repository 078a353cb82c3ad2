package io.kvpurge.store.redis;

import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.kvpurge.store.EntryFields;
import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.TransientStoreException;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class ServerFactsTests {

	private static Reading asking(String fields) {
		return Reading.of(new EntryFields(Set.of(fields.split(" ")), false, false));
	}

	private static ServerFacts server(String version, String policy, String more) {
		return ServerFacts
			.parse("# Server\r\nredis_version:" + version + "\r\nmaxmemory_policy:" + policy + "\r\n" + more + "\r\n");
	}

	@ParameterizedTest
	@CsvSource({ "6.2.11, noeviction, role:master, type idle", "6.2.11, allkeys-lfu, role:master, freq",
			"7.2.4, noeviction, role:master, idle json.a hash.b", "8.0.1, volatile-lfu, cluster_enabled:0, freq hash",
			"6.2.0, allkeys-lru, role:master, size json" })
	void whatTheServerCanTellIsAsked(String version, String policy, String more, String fields) {
		assertThatNoException().isThrownBy(() -> server(version, policy, more).requireFor(asking(fields)));
	}

	@ParameterizedTest
	@CsvSource({ "6.0.20, noeviction, role:master, type, older than Redis 6.2",
			"7.2.4, allkeys-lfu, role:master, idle, does not know idle times",
			"7.2.4, allkeys-lru, role:master, freq, does not count uses",
			"7.0.15, noeviction, role:master, idle json.a, counts reading as use",
			"6.2.11, allkeys-lfu, role:master, freq hash, counts reading as use" })
	void whatItCannotTellIsRefused(String version, String policy, String more, String fields, String why) {
		assertThatExceptionOfType(InvalidStoreException.class)
			.isThrownBy(() -> server(version, policy, more).requireFor(asking(fields)))
			.withMessageContaining(why);
	}

	@ParameterizedTest
	@CsvSource({ "cluster_enabled:1, SERVER, one of a cluster", "cluster_enabled:1, SENTINEL, one of a cluster",
			"cluster_enabled:0, CLUSTER, none of a cluster", "role:slave, SERVER, name its primary" })
	void aServerThatIsSomethingElseIsRefused(String more, StoreAddress.Kind kind, String why) {
		assertThatExceptionOfType(InvalidStoreException.class)
			.isThrownBy(() -> server("7.2.4", "noeviction", more).requireAs(kind))
			.withMessageContaining(why);
	}

	/** It may be promoted at any moment. */
	@Test
	void aReplicaThatSentinelsNameIsAskedForAgain() {
		assertThatExceptionOfType(TransientStoreException.class)
			.isThrownBy(() -> server("7.2.4", "noeviction", "role:slave").requireAs(StoreAddress.Kind.SENTINEL));
		assertThatNoException()
			.isThrownBy(() -> server("7.2.4", "noeviction", "role:master").requireAs(StoreAddress.Kind.SENTINEL));
	}

}
