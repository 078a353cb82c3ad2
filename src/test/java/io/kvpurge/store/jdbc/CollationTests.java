package io.kvpurge.store.jdbc;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.testkit.PostgresqlServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Key columns that do not sort, or do not even compare, by bytes. */
class CollationTests {

	private static List<Key> walk(KeyValueStore store, String prefix, int limit) {
		List<Key> keys = new ArrayList<>();
		ListingPosition position = ListingPosition.START;
		while (position != null) {
			KeyPage page = store.list(KeyRange.of(Key.of(prefix)), position, limit);
			page.entries().forEach((entry) -> keys.add(entry.key()));
			position = (page.next() != null) ? ListingPosition.at(page.next()) : null;
		}
		return keys;
	}

	private static TestDatabase caseInsensitive() {
		TestDatabase database = TestDatabase.postgresql();
		database.execute("create collation if not exists caseless (provider = icu, locale = 'und-u-ks-level2', "
				+ "deterministic = false)");
		return database;
	}

	private static void assertListsAndDeletesByBytes(TestDatabase database, String column) {
		String table = database.createTable("k " + column + " primary key");
		database.execute("insert into " + table
				+ " values ('page/1'), ('PAGE/2'), ('Page/3'), ('page/4'), ('PAGE/5'), ('pagf'), ('other')");
		try (KeyValueStore store = database.open(table)) {
			assertThat(store.capabilities().can(StoreCapability.ORDERED)).isFalse();
			assertThat(walk(store, "", 2)).hasSize(7).doesNotHaveDuplicates();
			assertThat(walk(store, "page/", 1)).containsExactlyInAnyOrder(Key.of("page/1"), Key.of("page/4"));
			assertThat(walk(store, "PAGE/", 2)).containsExactlyInAnyOrder(Key.of("PAGE/2"), Key.of("PAGE/5"));
			assertThat(store.find(List.of(Key.of("PAGE/1"), Key.of("page/1")))).extracting(KeyEntry::key)
				.containsExactly(Key.of("page/1"));
			DeleteResult result = store.delete(List.of(KeyEntry.of(Key.of("PAGE/1")), KeyEntry.of(Key.of("page/4"))));
			assertThat(result.vanished()).containsExactly(Key.of("PAGE/1"));
			assertThat(result.deleted()).containsExactly(Key.of("page/4"));
			assertThat(database.query("select k from " + table)).hasSize(6).contains("page/1");
			assertThatExceptionOfType(UnsupportedOperationException.class)
				.isThrownBy(() -> store.write(List.of(new KeyValue(Key.of("OTHER"), null, Metadata.ABSENT, null))))
				.withMessageContaining("equal");
			assertThat(database.query("select k from " + table)).contains("other").doesNotContain("OTHER");
		}
	}

	@Test
	void keysThatDifferByCaseOnlyAreNotTakenForOneAnotherOnPostgresql() {
		assertListsAndDeletesByBytes(caseInsensitive(), "text collate caseless");
	}

	@Test
	void keysThatDifferByCaseOnlyAreNotTakenForOneAnotherOnH2() {
		assertListsAndDeletesByBytes(TestDatabase.h2(), "varchar_ignorecase(100)");
	}

	@Test
	void keysThatDifferByCaseOnlyAreNotTakenForOneAnotherInACollatedH2() {
		assertListsAndDeletesByBytes(TestDatabase.h2("set collation english strength primary"), "varchar");
	}

	@Test
	void aUniqueIndexOfAnotherCollationIsNoPromiseForTheColumns() {
		TestDatabase database = caseInsensitive();
		String table = database.createTable("k text collate caseless not null");
		database.execute("create unique index on " + table + " (k collate \"C\")");
		assertThatExceptionOfType(InvalidStoreException.class).isThrownBy(() -> database.open(table))
			.withMessageContaining("is not unique");
	}

	@Test
	void aPageMayBeEmptyWhileMoreFollow() {
		TestDatabase database = TestDatabase.h2();
		String table = database.createTable("k varchar_ignorecase(100) primary key");
		database.execute("insert into " + table + " values ('A1'), ('A2'), ('a3')");
		try (KeyValueStore store = database.open(table)) {
			KeyPage first = store.list(KeyRange.of(Key.of("a")), ListingPosition.START, 2);
			assertThat(first.entries()).isEmpty();
			assertThat(first.next()).isNotNull();
			assertThat(walk(store, "a", 2)).containsExactly(Key.of("a3"));
		}
	}

	@Test
	void onlyColumnsSortedByBytesAreOrdered() {
		TestDatabase database = TestDatabase.postgresql();
		assertOrdered(database, "text collate \"C\"", true);
		assertOrdered(database, "text collate \"POSIX\"", true);
		assertOrdered(database, "text collate ucs_basic", true);
		assertOrdered(database, "text collate \"pg_c_utf8\"", true);
		assertOrdered(database, "text collate \"en-x-icu\"", false);
		assertOrdered(database, "text", false);
		assertOrdered(database, "bigint", false);
		assertOrdered(database, "uuid", false);
		assertOrdered(TestDatabase.h2(), "varchar", false);
	}

	@Test
	void theDatabasesOwnLocaleCountsWhereTheColumnHasNone() {
		assertOrdered(
				new TestDatabase(PostgresqlServer
					.newDatabaseUrl("locale_provider builtin builtin_locale 'C.UTF-8' template template0")),
				"text", true);
		assertOrdered(
				new TestDatabase(PostgresqlServer.newDatabaseUrl("locale_provider libc locale 'C' template template0")),
				"text", true);
	}

	@Test
	void aCollationThatIsOnlyNamedLikeOneByBytesIsNot() {
		TestDatabase database = TestDatabase.postgresql();
		database.execute("create collation public.\"C\" (provider = icu, locale = 'sv')");
		assertOrdered(database, "text collate public.\"C\"", false);
	}

	private static void assertOrdered(TestDatabase database, String type, boolean ordered) {
		String table = database.createTable("k " + type + " primary key");
		try (KeyValueStore store = database.open(table)) {
			assertThat(store.capabilities().can(StoreCapability.ORDERED)).as(type).isEqualTo(ordered);
		}
	}

}
