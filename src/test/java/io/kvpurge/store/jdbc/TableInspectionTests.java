package io.kvpurge.store.jdbc;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoreException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TableInspectionTests {

	static Stream<TestDatabase> databases() {
		return Stream.of(TestDatabase.h2(), TestDatabase.postgresql());
	}

	private static void assertRefused(TestDatabase database, String table, List<String> options, String... words) {
		assertThatExceptionOfType(InvalidStoreException.class)
			.isThrownBy(() -> database.open(table, options.toArray(String[]::new)).close())
			.satisfies((ex) -> assertThat(ex.getMessage()).startsWith("store: ").doesNotContain("\n").contains(words));
	}

	@ParameterizedTest
	@MethodSource("databases")
	void aKeyThatIsNotUniqueIsRefused(TestDatabase database) {
		String table = database.createTable("k varchar not null, v varchar");
		database.execute("create index on " + table + " (k)");
		assertRefused(database, table, List.of(), "key column", "is not unique", "primary key");
	}

	@ParameterizedTest
	@MethodSource("databases")
	void aKeyThatMayBeNullIsRefused(TestDatabase database) {
		String table = database.createTable("k varchar unique");
		assertRefused(database, table, List.of(), "is not declared NOT NULL");
	}

	@ParameterizedTest
	@MethodSource("databases")
	void aPartOfAKeyIsRefused(TestDatabase database) {
		String table = database.createTable("tenant varchar not null, k varchar not null, primary key (tenant, k)");
		assertRefused(database, table, List.of(), "is not unique");
		assertRefused(database, table, List.of("key", "tenant"), "is not unique");
	}

	@ParameterizedTest
	@MethodSource("databases")
	void aUniqueConstraintIsAsGoodAsAPrimaryKey(TestDatabase database) {
		String table = database.createTable("id bigint primary key, k varchar not null unique");
		database.execute("insert into " + table + " values (1, 'a')");
		try (KeyValueStore store = database.open(table)) {
			assertThat(store.find(List.of(Key.of("a")))).hasSize(1);
		}
	}

	@Test
	void aUniqueIndexOfSomeRowsIsRefused() {
		TestDatabase database = TestDatabase.postgresql();
		String table = database.createTable("k varchar not null, gone boolean not null");
		database.execute("create unique index on " + table + " (k) where not gone");
		assertRefused(database, table, List.of(), "is not unique");
	}

	@Test
	void aUniqueIndexOfAnExpressionIsRefused() {
		TestDatabase database = TestDatabase.postgresql();
		String table = database.createTable("k varchar not null");
		database.execute("create unique index on " + table + " (lower(k))");
		assertRefused(database, table, List.of(), "is not unique");
	}

	@Test
	void aUniqueIndexThatIsNotValidIsRefused() {
		TestDatabase database = TestDatabase.postgresql();
		String table = database.createTable("k varchar not null");
		database.execute("insert into " + table + " values ('twin'), ('twin')");
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> database.execute("create unique index concurrently on " + table + " (k)"));
		assertRefused(database, table, List.of(), "is not unique");
	}

	@Test
	void aConstraintThatIsCheckedAtTheCommitIsEnoughToDelete() {
		TestDatabase database = TestDatabase.postgresql();
		String table = database.createTable("k varchar primary key deferrable initially deferred");
		database.execute("insert into " + table + " values ('a')");
		try (KeyValueStore store = database.open(table)) {
			assertThat(store.delete(List.of(KeyEntry.of(Key.of("a")))).deleted()).hasSize(1);
			assertThatExceptionOfType(StoreException.class)
				.isThrownBy(() -> store.write(List.of(new KeyValue(Key.of("b"), null, Metadata.ABSENT, null))))
				.withMessageContaining("deferrable");
		}
	}

	@Test
	void aUniqueIndexThatCarriesOtherColumnsCounts() {
		TestDatabase database = TestDatabase.postgresql();
		String table = database.createTable("k varchar not null, v varchar");
		database.execute("create unique index on " + table + " (k) include (v)");
		try (KeyValueStore store = database.open(table)) {
			assertThat(store.capabilities().pageLimit()).isPositive();
		}
	}

	@ParameterizedTest
	@MethodSource("databases")
	void aKeyOfFixedLengthIsRefusedSinceItIsPadded(TestDatabase database) {
		String table = database.createTable("k char(10) primary key");
		assertRefused(database, table, List.of(), "has type", "variable length");
	}

	@ParameterizedTest
	@MethodSource("databases")
	void keysOfOtherTypesAreRefused(TestDatabase database) {
		for (String type : List.of("timestamp", "numeric(10, 2)", "boolean", "double precision", "date",
				database.isH2() ? "varbinary" : "bytea")) {
			String table = database.createTable("k " + type + " primary key");
			assertRefused(database, table, List.of(), "has type", "expected text");
		}
	}

	@ParameterizedTest
	@MethodSource("databases")
	void aMissingColumnIsNamedWithThoseThatAreThere(TestDatabase database) {
		String table = database.createTable("k varchar primary key, owner varchar");
		assertRefused(database, table, List.of("key", "kee"), "no column 'kee' (key)");
		assertRefused(database, table, List.of("metadata", "meta"), "no column 'meta' (metadata)");
		assertRefused(database, table, List.of("columns", "owner,ovner"), "no column 'ovner' (columns)");
		assertRefused(database, table, List.of("value", "x"), "(value)");
		assertRefused(database, table, List.of("expiration", "x"), "(expiration)");
		assertRefused(database, table, List.of("version", "x"), "(version)");
	}

	@ParameterizedTest
	@MethodSource("databases")
	void anExpirationThatIsNoTimeIsRefused(TestDatabase database) {
		String table = database.createTable("k varchar primary key, e varchar");
		assertRefused(database, table, List.of("expiration", "e"), "expiration column", "expected a timestamp");
	}

	@ParameterizedTest
	@MethodSource("databases")
	void aMissingTableIsNamed(TestDatabase database) {
		assertRefused(database, "nowhere", List.of(), "no table 'nowhere'", "'table'");
		assertRefused(database, "nowhere.entries", List.of(), "no table 'nowhere.entries'");
		assertRefused(database, "%", List.of(), "no table '%'");
	}

	@ParameterizedTest
	@MethodSource("databases")
	void aViewIsRefused(TestDatabase database) {
		String table = database.createTable("k varchar primary key");
		database.execute("create view " + table + "_view as select * from " + table);
		assertRefused(database, table + "_view", List.of(), "is a view, not a table");
	}

	@ParameterizedTest
	@MethodSource("databases")
	void namesAreTakenAsTheyAreSpelt(TestDatabase database) {
		for (String name : List.of("My Entries", "say \"hi\"", "select", "Größe", "100%_sure", "back\\slash")) {
			String quoted = TableName.quote(name);
			String metadata = TableName.quote(name + " meta");
			database.execute("create table " + quoted + " (" + quoted + " varchar primary key, " + metadata + " json, "
					+ TableName.quote("end") + " varchar)");
			try (KeyValueStore store = database.open(name, "key", name, "metadata", name + " meta", "columns", "end")) {
				store.write(List.of(new KeyValue(Key.of("a"), null, Metadata.ABSENT, null)));
				List<KeyEntry> entries = store.list(KeyRange.of(Key.of("")), ListingPosition.START, 10).entries();
				assertThat(store.delete(entries).deleted()).containsExactly(Key.of("a"));
				assertThat(store.find(List.of(Key.of("a")))).isEmpty();
			}
		}
	}

	@ParameterizedTest
	@MethodSource("databases")
	void theSpellingOfTheDefinitionWinsOverTheFolded(TestDatabase database) {
		database.execute("create table \"Twin\" (k varchar primary key)", "create table twin (k varchar primary key)",
				"insert into \"Twin\" values ('exact')", "insert into twin values ('folded')");
		try (KeyValueStore exact = database.open("Twin"); KeyValueStore folded = database.open("twin")) {
			assertThat(exact.find(List.of(Key.of("exact")))).hasSize(1);
			assertThat(folded.find(List.of(Key.of("folded")))).hasSize(1);
			assertThat(exact.identity()).isNotEqualTo(folded.identity());
		}
		database.execute("drop table \"Twin\"", "drop table twin");
	}

	@ParameterizedTest
	@MethodSource("databases")
	void aSchemaMayBeNamed(TestDatabase database) {
		database.execute("create schema \"Other one\"", "create table \"Other one\".entries (k varchar primary key)");
		try (KeyValueStore store = database.open("Other one.entries")) {
			store.write(List.of(new KeyValue(Key.of("a"), null, Metadata.ABSENT, null)));
			assertThat(database.query("select k from \"Other one\".entries")).containsExactly("a");
			assertThat(store.identity()).contains("Other one.").containsIgnoringCase("entries");
		}
		finally {
			database.execute("drop schema \"Other one\" cascade");
		}
	}

}
