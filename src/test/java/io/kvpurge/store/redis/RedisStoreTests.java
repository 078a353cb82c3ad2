package io.kvpurge.store.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.kvpurge.store.Cursor;
import io.kvpurge.store.EntryFields;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.KeyValueStoreContract;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.store.Value;
import io.kvpurge.testkit.RedisServer;

import static org.assertj.core.api.Assertions.assertThat;

/** The contract, on a real server. */
class RedisStoreTests extends KeyValueStoreContract {

	private String url = "";

	private @Nullable StatefulRedisConnection<String, String> connection;

	EntryFields fields() {
		return new EntryFields(Set.of("hash"), false, true);
	}

	@Override
	protected KeyValueStore openEmpty() {
		this.url = RedisServer.shared().newDatabase();
		return openAgain();
	}

	@Override
	protected KeyValueStore openAgain() {
		return new RedisStoreType()
			.open(new StoreOptions(Map.of("url", List.of(this.url)), Duration.ofSeconds(30), fields()));
	}

	/** What an application would use beside kvpurge. */
	protected RedisClusterCommands<String, String> redis() {
		if (this.connection == null) {
			this.connection = RedisServer.shared().connect(this.url);
		}
		return this.connection.sync();
	}

	@AfterEach
	void disconnect() {
		if (this.connection != null) {
			this.connection.close();
		}
	}

	@Override
	protected boolean holdsAnyMetadata() {
		return false;
	}

	@Override
	protected Metadata metadata(int number) {
		return Metadata.of(Map.of("hash", Map.of("number", String.valueOf(number))));
	}

	@Override
	protected Metadata metadataBesideValue(int number) {
		return Metadata.ABSENT;
	}

	@Override
	protected KeyValue entry(Key key, int number) {
		return new KeyValue(key, null, metadata(number), null);
	}

	@Test
	void keysThatAreNoTextAreListedFoundAndDeleted() {
		Key binary = Key.of(new byte[] { (byte) 0xff, 0, '*', (byte) 0xfe });
		store().write(List.of(new KeyValue(binary, Value.of("v"), Metadata.ABSENT, null), entry(key(1), 1)));
		List<KeyEntry> listed = listed(KeyRange.of(Key.of(new byte[] { (byte) 0xff, 0, '*' })), ListingPosition.START);
		assertThat(listed).extracting(KeyEntry::key).containsExactly(binary);
		assertThat(store().find(List.of(binary))).hasSize(1);
		assertThat(store().delete(listed).deleted()).containsExactly(binary);
		assertThat(store().find(List.of(binary, key(1)))).extracting(KeyEntry::key).containsExactly(key(1));
	}

	private List<Key> listedFrom(ListingPosition position) {
		return listed(KeyRange.of(prefix()), position).stream().map(KeyEntry::key).toList();
	}

	private List<KeyEntry> listed(KeyRange range, ListingPosition position) {
		KeyPage page = store().list(range, position, 50);
		List<KeyEntry> listed = new ArrayList<>(page.entries());
		while (page.next() != null) {
			page = store().list(range, new ListingPosition(page.next(), null), 50);
			listed.addAll(page.entries());
		}
		return listed;
	}

	private List<Key> written(int from, int to) {
		List<KeyValue> entries = IntStream.range(from, to).mapToObj((number) -> entry(key(number), number)).toList();
		store().write(entries);
		return entries.stream().map(KeyValue::key).toList();
	}

	/** It moves its keys to a larger table, and most of them to other places in it. */
	@Test
	void aServerThatRearrangesItsKeysHidesNone() {
		List<Key> before = written(0, 500);
		KeyPage first = store().list(KeyRange.of(prefix()), ListingPosition.START, 50);
		List<Key> seen = new ArrayList<>(first.entries().stream().map(KeyEntry::key).toList());
		written(500, 5_000);
		seen.addAll(listedFrom(new ListingPosition(first.next(), null)));
		assertThat(seen).containsAll(before);
	}

	@Test
	void aServerThatWasStartedAgainIsListedFromTheBeginning() {
		List<Key> all = written(0, 500);
		KeyPage first = store().list(KeyRange.of(prefix()), ListingPosition.START, 50);
		assertThat(first.next()).isNotNull();
		// The server's id stands right before SCAN's cursor.
		Cursor ofAnotherRun = new Cursor(first.next().value().replaceFirst("[0-9a-f]{40}:", "0".repeat(40) + ":"));
		assertThat(listedFrom(new ListingPosition(ofAnotherRun, null))).containsAll(all);
		assertThat(listedFrom(new ListingPosition(first.next(), null))).as("the same run goes on").hasSizeLessThan(500);
	}

	@Test
	void whatIsStoredComesBackWholeWhateverItsType() {
		var redis = redis();
		redis.rpush("list", "a", "b");
		redis.sadd("set", "x", "y");
		redis.zadd("sorted", 1.5, "m");
		redis.xadd("stream", Map.of("f", "v"));
		redis.hset("hash", Map.of("a", "1", "b", "2"));
		redis.pexpireat("hash", 4_102_444_800_123L);
		List<Key> keys = List.of(Key.of("list"), Key.of("set"), Key.of("sorted"), Key.of("stream"), Key.of("hash"));
		byte[] before = redis.dump("stream");
		List<KeyValue> saved = store().readStored(keys).stream().map((one) -> one.content()).toList();
		assertThat(store().delete(store().find(keys)).deleted()).hasSize(5);
		assertThat(store().add(saved)).isEmpty();
		assertThat(store().add(saved)).containsExactlyInAnyOrderElementsOf(keys);
		assertThat(redis.lrange("list", 0, -1)).containsExactly("a", "b");
		assertThat(redis.smembers("set")).containsExactlyInAnyOrder("x", "y");
		assertThat(redis.zscore("sorted", "m")).isEqualTo(1.5);
		assertThat(redis.dump("stream")).isEqualTo(before);
		assertThat(redis.hgetall("hash")).isEqualTo(Map.of("a", "1", "b", "2"));
		assertThat(store().find(List.of(Key.of("hash"))).get(0).expiration()).hasToString("2100-01-01T00:00:00.123Z");
	}

	@Test
	void whatChangedInAnyOfItsPartsAfterItWasSavedIsSpared() {
		redis().rpush("list", "a");
		List<KeyEntry> saved = store().readStored(List.of(Key.of("list"))).stream().map((one) -> one.entry()).toList();
		redis().rpush("list", "b");
		assertThat(store().delete(saved).spared()).containsExactly(Key.of("list"));
	}

}
