package io.kvpurge.store.jdbc;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Guarantee;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.Unreadable;

import static org.assertj.core.api.Assertions.assertThat;

/** What counts as rewritten. */
class CompareAndDeleteTests {

	static Stream<TestDatabase> databases() {
		return Stream.of(TestDatabase.h2(), TestDatabase.postgresql());
	}

	private static List<KeyEntry> list(KeyValueStore store) {
		return store.list(KeyRange.of(Key.of("")), ListingPosition.START, 1000).entries();
	}

	private static void assertSpared(TestDatabase database, String columns, String row, String change,
			String... options) {
		String table = database.createTable("k varchar primary key, " + columns);
		database.execute("insert into " + table + " values ('same', " + row + "), ('changed', " + row + ")");
		try (KeyValueStore store = database.open(table, options)) {
			assertThat(store.capabilities().guarantee()).isEqualTo(Guarantee.COMPARE_AND_DELETE);
			List<KeyEntry> seen = list(store);
			database.execute("update " + table + " set " + change + " where k = 'changed'");
			DeleteResult result = store.delete(seen);
			assertThat(result.deleted()).containsExactly(Key.of("same"));
			assertThat(result.spared()).containsExactly(Key.of("changed"));
			assertThat(database.query("select k from " + table)).containsExactly("changed");
			// What is there now can go.
			assertThat(store.delete(store.find(List.of(Key.of("changed")))).deleted()).hasSize(1);
		}
	}

	@ParameterizedTest
	@MethodSource("databases")
	void aVersionOfAnyTypeTells(TestDatabase database) {
		Map<String, List<String>> types = Map.of("bigint", List.of("1", "2"), "varchar", List.of("'a'", "'b'"),
				"timestamp with time zone",
				List.of("timestamp with time zone '2030-01-01 00:00:00.000001+00:00'",
						"timestamp with time zone '2030-01-01 00:00:00.000002+00:00'"),
				"timestamp", List.of("timestamp '2030-01-01 00:00:00'", "timestamp '2030-01-01 00:00:01'"), "uuid",
				List.of("cast('00000000-0000-0000-0000-000000000001' as uuid)",
						"cast('00000000-0000-0000-0000-000000000002' as uuid)"),
				"numeric(20, 4)", List.of("1.5", "1.6"), "double precision", List.of("1.5", "1.6"), "boolean",
				List.of("true", "null"), database.isH2() ? "varbinary" : "bytea",
				database.isH2() ? List.of("x'00ff'", "x'00fe'") : List.of("'\\x00ff'", "'\\x00fe'"));
		types.forEach((type, values) -> assertSpared(database, "n " + type, values.get(0), "n = " + values.get(1),
				"version", "n"));
	}

	@ParameterizedTest
	@MethodSource("databases")
	void metadataThatChangedTells(TestDatabase database) {
		for (String type : database.isH2() ? List.of("varchar", "clob", "json") : List.of("varchar", "json", "jsonb")) {
			boolean h2Json = database.isH2() && type.equals("json");
			assertSpared(database, "m " + type, h2Json ? "json '{\"a\":1}'" : "'{\"a\":1}'",
					h2Json ? "m = json '{\"a\":2}'" : "m = '{\"a\":2}'", "metadata", "m");
			assertSpared(database, "m " + type, "null", h2Json ? "m = json 'null'" : "m = 'null'", "metadata", "m");
		}
	}

	@ParameterizedTest
	@MethodSource("databases")
	void aNamedColumnThatChangedTells(TestDatabase database) {
		assertSpared(database, "owner varchar, age integer", "'x', 1", "age = null", "columns", "owner,age");
		assertSpared(database, "tags " + (database.isH2() ? "varchar(9) array" : "text[]"), "array['a', 'b']",
				"tags = array['a']", "columns", "tags");
		assertSpared(database, "d date, t time", "date '2030-01-01', time '10:00:00'", "t = time '10:00:01'", "columns",
				"d,t");
	}

	@ParameterizedTest
	@MethodSource("databases")
	void anExpirationThatWasPutOffTells(TestDatabase database) {
		assertSpared(database, "e bigint", "1900000000", "e = 1900000001", "expiration", "e");
		assertSpared(database, "e timestamp", "timestamp '2030-01-01 00:00:00'", "e = null", "expiration", "e");
	}

	@ParameterizedTest
	@MethodSource("databases")
	void whereTheVersionStandsStillNothingElseCounts(TestDatabase database) {
		String table = database.createTable("k varchar primary key, n integer, owner varchar");
		database.execute("insert into " + table + " values ('a', 1, 'x')");
		try (KeyValueStore store = database.open(table, "version", "n", "columns", "owner")) {
			List<KeyEntry> seen = list(store);
			database.execute("update " + table + " set owner = 'y'");
			assertThat(store.delete(seen).deleted()).hasSize(1);
		}
	}

	@ParameterizedTest
	@MethodSource("databases")
	void whatWasNeverSeenIsSpared(TestDatabase database) {
		String table = database.createTable("k varchar primary key, n integer");
		database.execute("insert into " + table + " values ('a', null)");
		try (KeyValueStore store = database.open(table, "version", "n")) {
			assertThat(store.delete(List.of(KeyEntry.of(Key.of("a")))).spared()).hasSize(1);
			assertThat(database.query("select k from " + table)).hasSize(1);
		}
	}

	@ParameterizedTest
	@MethodSource("databases")
	void aRowThatWasDeletedAndWrittenAnewIsSpared(TestDatabase database) {
		String table = database.createTable("k varchar primary key, n integer");
		database.execute("insert into " + table + " values ('a', 1)");
		try (KeyValueStore store = database.open(table, "version", "n")) {
			List<KeyEntry> seen = list(store);
			database.execute("delete from " + table, "insert into " + table + " values ('a', 2)");
			assertThat(store.delete(seen).spared()).containsExactly(Key.of("a"));
		}
	}

	@Test
	void whatNoRuleCanReadIsUnreadableButCanBeCompared() {
		TestDatabase database = TestDatabase.postgresql();
		String table = database.createTable(
				"k text primary key, a inet, b int[], c interval, d money, e point, f xml, g tstzrange, h bit(3)");
		database.execute("insert into " + table
				+ " values ('a', '10.0.0.1', '{1,2}', '1 day', 5, '(1,2)', '<a/>', '[2030-01-01,)', b'101')");
		try (KeyValueStore store = database.open(table, "columns", "a,b,c,e,f,g")) {
			List<KeyEntry> seen = list(store);
			assertThat(seen.get(0).metadata().value()).isInstanceOfSatisfying(Map.class,
					(fields) -> assertThat(fields.get("b")).isEqualTo(Unreadable.VALUE));
			assertThat(store.delete(seen).deleted()).hasSize(1);
		}
	}

	@ParameterizedTest
	@MethodSource("databases")
	void textThatIsNoJsonIsUnreadable(TestDatabase database) {
		String table = database.createTable("k varchar primary key, m varchar");
		database.execute("insert into " + table + " values ('a', 'not {json'), ('b', ''), ('c', '{} {}')");
		try (KeyValueStore store = database.open(table, "metadata", "m")) {
			List<KeyEntry> seen = list(store);
			assertThat(seen).hasSize(3).allSatisfy((entry) -> {
				assertThat(entry.metadata().isPresent()).isTrue();
				assertThat(entry.metadata().value()).isEqualTo(Unreadable.VALUE);
			});
			assertThat(store.delete(seen).deleted()).hasSize(3);
		}
	}

}
