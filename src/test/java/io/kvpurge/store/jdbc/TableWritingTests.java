package io.kvpurge.store.jdbc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.store.Value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Tables that are made, and rows that are written. */
class TableWritingTests {

	private static final Instant LATER = Instant.parse("2099-01-01T00:00:00Z");

	static Stream<TestDatabase> databases() {
		return Stream.of(TestDatabase.h2(), TestDatabase.postgresql());
	}

	private static KeyValue entry(String key) {
		return new KeyValue(Key.of(key), null, Metadata.ABSENT, null);
	}

	@ParameterizedTest
	@MethodSource("databases")
	void aMissingTableIsMadeAndOneThatIsThereIsKept(TestDatabase database) {
		for (String table : List.of("made", "My \"made\" table", "public_made")) {
			StoreOptions options = database.options(table, "key", "Key name", "value", "v", "metadata", "select",
					"expiration", "e", "version", "n", "columns", "owner,Group");
			Metadata metadata = Metadata.of(Map.of("owner", "me", "Group", "us", "rest", List.of(1L)));
			try (KeyValueStore store = new JdbcStoreType().create(options)) {
				store.write(List.of(new KeyValue(Key.of("a"), Value.of(new byte[] { 0, -1 }), metadata, LATER)));
			}
			try (KeyValueStore store = new JdbcStoreType().create(options)) {
				KeyEntry entry = store.find(List.of(Key.of("a"))).get(0);
				assertThat(entry.metadata()).isEqualTo(metadata);
				assertThat(entry.expiration()).isEqualTo(LATER);
				assertThat(store.delete(List.of(entry)).deleted()).hasSize(1);
			}
			database.execute("drop table " + TableName.quote(table));
		}
	}

	@ParameterizedTest
	@MethodSource("databases")
	void openingMakesNothing(TestDatabase database) {
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> database.open("unmade"));
		assertThat(
				database.query("select table_name from information_schema.tables where lower(table_name) = 'unmade'"))
			.isEmpty();
	}

	@ParameterizedTest
	@MethodSource("databases")
	void aTableInASchemaThatIsNotThereIsToldInOneLine(TestDatabase database) {
		assertThatExceptionOfType(StoreException.class)
			.isThrownBy(() -> new JdbcStoreType().create(database.options("nowhere.made")))
			.satisfies((ex) -> assertThat(ex.getMessage()).startsWith("store: cannot make table 'nowhere.made': ")
				.doesNotContain("\n"));
	}

	@Test
	void aMissingFileIsMade(@TempDir Path folder) {
		TestDatabase database = new TestDatabase("jdbc:h2:" + folder.resolve("new"));
		try (KeyValueStore store = new JdbcStoreType().create(database.options("made"))) {
			store.write(List.of(entry("a")));
		}
		try (KeyValueStore store = database.open("made")) {
			assertThat(store.find(List.of(Key.of("a")))).hasSize(1);
		}
	}

	@Test
	void postgresqlHasNoPlaceForZeroInKeys() {
		TestDatabase database = TestDatabase.postgresql();
		String table = database.createTable("k text primary key");
		try (KeyValueStore store = database.open(table)) {
			Key key = Key.of("a\u0000\nb");
			assertThatExceptionOfType(UnsupportedOperationException.class)
				.isThrownBy(() -> store.write(List.of(entry("x"), new KeyValue(key, null, Metadata.ABSENT, null))))
				.withMessage("key a\\u0000\\u000ab cannot stand in a column of type text: it holds U+0000");
			assertThat(database.query("select k from " + table)).isEmpty();
			assertThat(store.find(List.of(key))).isEmpty();
			assertThat(store.delete(List.of(KeyEntry.of(key))).vanished()).containsExactly(key);
			assertThat(store.split(List.of(key), 4)).hasSize(1);
		}
	}

	@ParameterizedTest
	@MethodSource("databases")
	void keysThatAreNoNumbersOfTheColumnAreRefused(TestDatabase database) {
		for (String type : List.of("smallint", "integer", "bigint")) {
			String table = database.createTable("k " + type + " primary key");
			try (KeyValueStore store = database.open(table)) {
				for (String key : List.of("", "a", "01", "+1", "1.0", " 1", "9223372036854775808", "٣")) {
					assertThatExceptionOfType(UnsupportedOperationException.class).as(key)
						.isThrownBy(() -> store.write(List.of(entry(key))))
						.withMessageContaining("cannot stand in a column of type");
					assertThat(store.find(List.of(Key.of(key)))).isEmpty();
				}
				// A number, though perhaps none of this column's.
				assertThat(store.find(List.of(Key.of("9223372036854775807"), Key.of("-9223372036854775808"))))
					.isEmpty();
				assertThat(store.delete(List.of(KeyEntry.of(Key.of("9223372036854775807")))).vanished()).hasSize(1);
				store.write(List.of(entry("-7"), entry("0"), entry("32767")));
				assertThat(database.query("select k from " + table + " order by k")).containsExactly("-7", "0",
						"32767");
			}
		}
	}

	@ParameterizedTest
	@MethodSource("databases")
	void keysThatAreNoUuidsAsTheyAreWrittenAreRefused(TestDatabase database) {
		String table = database.createTable("k uuid primary key");
		try (KeyValueStore store = database.open(table)) {
			for (String key : List.of("1-1-1-1-1", "00000000-0000-4000-8000-00000000000A", "a")) {
				assertThatExceptionOfType(UnsupportedOperationException.class)
					.isThrownBy(() -> store.write(List.of(entry(key))));
				assertThat(store.find(List.of(Key.of(key)))).isEmpty();
			}
		}
	}

	@ParameterizedTest
	@MethodSource("databases")
	void aBatchIsWrittenAsAWholeOrNotAtAll(TestDatabase database) {
		String table = database.createTable("k varchar(5) primary key");
		try (KeyValueStore store = database.open(table)) {
			assertThatExceptionOfType(StoreException.class)
				.isThrownBy(() -> store.write(List.of(entry("a"), entry("too long"), entry("b"))))
				.satisfies(
						(ex) -> assertThat(ex.getMessage()).startsWith("cannot write to table").doesNotContain("\n"));
			assertThat(database.query("select k from " + table)).isEmpty();
		}
	}

	@ParameterizedTest
	@MethodSource("databases")
	void numbersKeepTheirDigits(TestDatabase database) {
		String table = database.createTable("k varchar primary key, m json, whole numeric(40), part double precision");
		Map<String, @Nullable Object> fields = new LinkedHashMap<>();
		fields.put("fine", new BigDecimal("0.1234567890123456789"));
		fields.put("whole", new BigInteger("123456789012345678901234567890"));
		fields.put("part", 0.1);
		fields.put("large", new BigInteger("98765432109876543210"));
		try (KeyValueStore store = database.open(table, "metadata", "m", "columns", "whole,part")) {
			store.write(List.of(new KeyValue(Key.of("a"), null, Metadata.of(fields), null)));
			assertThat(database.query("select whole from " + table)).containsExactly("123456789012345678901234567890");
			assertThat(database.query("select m from " + table).get(0)).contains("0.1234567890123456789");
			assertThat(store.find(List.of(Key.of("a"))).get(0).metadata().value())
				.isInstanceOfSatisfying(Map.class,
						(found) -> assertThat(found.get("whole")).isEqualTo(fields.get("whole")))
				.isInstanceOfSatisfying(Map.class,
						(found) -> assertThat(found.get("large")).isEqualTo(fields.get("large")));
		}
	}

	@ParameterizedTest
	@MethodSource("databases")
	void oneColumnMayServeTwice(TestDatabase database) {
		String table = database.createTable("k varchar primary key, e timestamp with time zone, n integer");
		try (KeyValueStore store = database.open(table, "expiration", "e", "version", "n", "columns", "e,n,k")) {
			store.write(List.of(new KeyValue(Key.of("a"), null, Metadata.ABSENT, LATER)));
			store.write(List.of(new KeyValue(Key.of("a"), null, Metadata.ABSENT, LATER)));
			KeyEntry entry = store.find(List.of(Key.of("a"))).get(0);
			assertThat(entry.metadata()).isEqualTo(Metadata.of(Map.of("e", LATER, "n", 2L, "k", "a")));
			assertThat(store.delete(List.of(entry)).deleted()).hasSize(1);
		}
	}

	@ParameterizedTest
	@MethodSource("databases")
	void theSameKeyTwiceInABatchLeavesTheLast(TestDatabase database) {
		String table = database.createTable("k varchar primary key, v varchar");
		try (KeyValueStore store = database.open(table, "value", "v")) {
			store.write(List.of(new KeyValue(Key.of("a"), Value.of("first"), Metadata.ABSENT, null),
					new KeyValue(Key.of("a"), Value.of("last"), Metadata.ABSENT, null)));
			assertThat(database.query("select v from " + table)).containsExactly("last");
		}
	}

}
