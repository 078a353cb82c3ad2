package io.kvpurge.store.redis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.StoreOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StoreAddressTests {

	private static StoreAddress address(String url, String more) {
		Map<String, List<String>> values = new HashMap<>(Map.of("url", List.of(url)));
		if (!more.isEmpty()) {
			values.put(more.split("=", 2)[0], List.of(more.split("=", 2)[1]));
		}
		return StoreAddress.of(new StoreOptions(values));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "none", emptyValue = "", textBlock = """
			redis://Cache.example           | ''            | redis:cache.example:6379/0
			rediss://cache.example:7000/12  | ''            | redis:cache.example:7000/12
			REDIS://[::1]:7000/             | ''            | redis:[::1]:7000/0
			redis://b:1,a:2,b:1             | cluster=true  | redis-cluster:a:2,b:1
			redis://a:2,b:1                 | cluster=true  | redis-cluster:a:2,b:1
			redis://a/0                     | cluster=true  | redis-cluster:a:6379
			rediss://s2,s1:5/3              | sentinel=main | redis-sentinel:main@s1:5,s2:26379/3
			redis://a                       | cluster=false | redis:a:6379/0
			""")
	void theSameServersAreTheSameStore(String url, String more, String identity) {
		assertThat(address(url, more).identity()).isEqualTo(identity);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', emptyValue = "", textBlock = """
			redis://a,b             | ''            | names several servers
			redis://a,b/1           | cluster=true  | database 0 only
			redis-cluster://a,b     | ''            | for a cluster and for sentinels too
			rediss-sentinel://a#b   | ''            | for a cluster and for sentinels too
			redis://ada@a           | ''            | a user in it
			redis://a,,b            | cluster=true  | cannot be read
			redis://a:70000         | ''            | cannot be read
			redis://a:0             | ''            | cannot be read
			redis://a/x             | ''            | cannot be read
			redis://a?timeout=1     | ''            | cannot be read
			http://a                | ''            | cannot be read
			redis://                | ''            | cannot be read
			""")
	void whatIsNoneIsRefused(String url, String more, String why) {
		assertThatExceptionOfType(InvalidStoreException.class).isThrownBy(() -> address(url, more))
			.withMessageContaining(why);
	}

	@Test
	void aClusterHasNoSentinels() {
		assertThatExceptionOfType(InvalidStoreException.class)
			.isThrownBy(() -> StoreAddress.of(new StoreOptions(
					Map.of("url", List.of("redis://a"), "cluster", List.of("true"), "sentinel", List.of("main")))))
			.withMessageContaining("not both");
	}

}
