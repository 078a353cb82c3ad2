package io.kvpurge.store.jdbc;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.Metadata;

import static org.assertj.core.api.Assertions.assertThat;

/** Times mean the same on every machine. */
class TimesTests {

	// In Berlin there is no such local time.
	private static final Instant IN_THE_GAP = Instant.parse("2026-03-29T02:30:00Z");

	private final TimeZone before = TimeZone.getDefault();

	static Stream<TestDatabase> databases() {
		return Stream.of(TestDatabase.h2(), TestDatabase.postgresql());
	}

	@BeforeEach
	void berlin() {
		TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
	}

	@AfterEach
	void restore() {
		TimeZone.setDefault(this.before);
	}

	private static KeyEntry find(KeyValueStore store) {
		return store.find(List.of(Key.of("a"))).get(0);
	}

	@ParameterizedTest
	@MethodSource("databases")
	void expirationsDoNotDependOnTheZone(TestDatabase database) {
		for (String type : List.of("timestamp", "timestamp with time zone", "timestamp(3) with time zone", "bigint",
				"integer", "numeric(20, 0)")) {
			String table = database.createTable("k varchar primary key, e " + type);
			try (KeyValueStore store = database.open(table, "expiration", "e")) {
				store.write(List.of(new KeyValue(Key.of("a"), null, Metadata.ABSENT, IN_THE_GAP)));
				assertThat(find(store).expiration()).as(type).isEqualTo(IN_THE_GAP);
			}
			TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
			try (KeyValueStore store = database.open(table, "expiration", "e")) {
				assertThat(find(store).expiration()).as(type).isEqualTo(IN_THE_GAP);
				assertThat(store.delete(List.of(find(store))).deleted()).hasSize(1);
			}
			berlin();
		}
	}

	@ParameterizedTest
	@MethodSource("databases")
	void aTimestampWithoutZoneIsTakenForUtc(TestDatabase database) {
		String table = database.createTable("k varchar primary key, e timestamp, c timestamp, d date");
		database.execute("insert into " + table + " values ('a', timestamp '2026-03-29 02:30:00', "
				+ "timestamp '2026-10-25 02:30:00.123456', date '2026-03-29')");
		try (KeyValueStore store = database.open(table, "expiration", "e", "columns", "c,d")) {
			KeyEntry entry = find(store);
			assertThat(entry.expiration()).isEqualTo(IN_THE_GAP);
			assertThat(entry.metadata())
				.isEqualTo(Metadata.of(Map.of("c", Instant.parse("2026-10-25T02:30:00.123456Z"), "d", "2026-03-29")));
		}
	}

	@ParameterizedTest
	@MethodSource("databases")
	void aZoneThatIsWrittenIsObeyed(TestDatabase database) {
		String table = database.createTable("k varchar primary key, e timestamp with time zone");
		database
			.execute("insert into " + table + " values ('a', timestamp with time zone '2026-03-29 08:00:00+05:30')");
		try (KeyValueStore store = database.open(table, "expiration", "e", "columns", "e")) {
			assertThat(find(store).expiration()).isEqualTo(IN_THE_GAP);
			assertThat(find(store).metadata()).isEqualTo(Metadata.of(Map.of("e", IN_THE_GAP)));
		}
	}

	@Test
	void infinityIsNeverAndMinusInfinityLongAgo() {
		TestDatabase database = TestDatabase.postgresql();
		for (String type : List.of("timestamp", "timestamptz")) {
			String table = database.createTable("k text primary key, e " + type);
			database.execute("insert into " + table + " values ('a', 'infinity'), ('b', '-infinity'), ('c', null)");
			try (KeyValueStore store = database.open(table, "expiration", "e")) {
				List<KeyEntry> entries = store.find(List.of(Key.of("a"), Key.of("b"), Key.of("c")));
				assertThat(entries).filteredOn((entry) -> entry.expiration() == null)
					.extracting(KeyEntry::key)
					.containsExactlyInAnyOrder(Key.of("a"), Key.of("c"));
				assertThat(entries).filteredOn((entry) -> entry.expiration() != null)
					.singleElement()
					.satisfies((entry) -> assertThat(entry.expiration()).isBefore(Instant.EPOCH));
				assertThat(store.delete(entries).deleted()).hasSize(3);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("databases")
	void secondsBeyondTimeAreNever(TestDatabase database) {
		String table = database.createTable("k varchar primary key, e bigint");
		database.execute("insert into " + table + " values ('a', " + Long.MAX_VALUE + ")");
		try (KeyValueStore store = database.open(table, "expiration", "e")) {
			assertThat(find(store).expiration()).isNull();
			assertThat(store.delete(List.of(find(store))).deleted()).hasSize(1);
		}
	}

}
