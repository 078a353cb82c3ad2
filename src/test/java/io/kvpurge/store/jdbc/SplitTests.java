package io.kvpurge.store.jdbc;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;

import static org.assertj.core.api.Assertions.assertThat;

class SplitTests {

	static Stream<TestDatabase> databases() {
		return Stream.of(TestDatabase.h2(), TestDatabase.postgresql());
	}

	private static void insert(TestDatabase database, String table, String expression, int from, int to) {
		database.execute("insert into " + table + " select " + expression + " from "
				+ (database.isH2() ? "system_range(" : "generate_series(") + from + ", " + to + ") as r(x)");
	}

	private static int size(KeyValueStore store, KeyRange range) {
		return store.list(range, ListingPosition.START, 10_000).entries().size();
	}

	@ParameterizedTest
	@MethodSource("databases")
	void rangesAreAboutEqualHoweverTheKeysAreSpread(TestDatabase database) {
		String table = database.createTable("k varchar primary key");
		insert(database, table, "concat('dense/', x)", 1, 9000);
		insert(database, table, "concat('dense/', x, '/far/away')", 9001, 10_000);
		try (KeyValueStore store = database.open(table)) {
			List<KeyRange> ranges = store.split(List.of(Key.of("dense/")), 4);
			assertThat(ranges).hasSize(4);
			assertThat(ranges).allSatisfy((range) -> assertThat(size(store, range)).isBetween(2450, 2550));
			assertThat(ranges.stream().mapToInt((range) -> size(store, range)).sum()).isEqualTo(10_000);
		}
	}

	@ParameterizedTest
	@MethodSource("databases")
	void numbersAreSplitAsNumbers(TestDatabase database) {
		String table = database.createTable("k bigint primary key");
		insert(database, table, "x", -3000, 2999);
		try (KeyValueStore store = database.open(table)) {
			List<KeyRange> ranges = store.split(List.of(Key.of("")), 3);
			assertThat(ranges).extracting((range) -> size(store, range)).containsExactly(2000, 2000, 2000);
		}
	}

	@ParameterizedTest
	@MethodSource("databases")
	void prefixesShareTheRangesByTheirKeys(TestDatabase database) {
		String table = database.createTable("k varchar primary key");
		insert(database, table, "concat('a/', x)", 1, 8000);
		insert(database, table, "concat('b/', x)", 1, 10);
		try (KeyValueStore store = database.open(table)) {
			List<KeyRange> ranges = store.split(List.of(Key.of("a/"), Key.of("b/"), Key.of("c/")), 4);
			assertThat(ranges).extracting(KeyRange::prefix)
				.containsExactly(Key.of("a/"), Key.of("a/"), Key.of("a/"), Key.of("a/"), Key.of("b/"), Key.of("c/"));
		}
	}

	@ParameterizedTest
	@MethodSource("databases")
	void anEmptyTableGivesOneRangeForEachPrefix(TestDatabase database) {
		String table = database.createTable("k varchar primary key");
		try (KeyValueStore store = database.open(table)) {
			assertThat(store.split(List.of(Key.of("a"), Key.of("b")), 16)).containsExactly(KeyRange.of(Key.of("a")),
					KeyRange.of(Key.of("b")));
		}
	}

	@ParameterizedTest
	@MethodSource("databases")
	void fewKeysAreNotSplit(TestDatabase database) {
		String table = database.createTable("k varchar primary key");
		insert(database, table, "concat('a', x)", 1, 100);
		try (KeyValueStore store = database.open(table)) {
			assertThat(store.split(List.of(Key.of("")), 16)).containsExactly(KeyRange.of(Key.of("")));
		}
	}

}
