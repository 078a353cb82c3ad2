package io.kvpurge.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.h2.api.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What a delete sets off in the database, and what refuses it. */
class SideEffectsTests {

	static Stream<TestDatabase> databases() {
		return Stream.of(TestDatabase.h2(), TestDatabase.postgresql());
	}

	private static String tableWithRows(TestDatabase database, int count) {
		String table = database.createTable("k varchar(20) primary key");
		database.execute(IntStream.range(0, count)
			.mapToObj((i) -> "insert into " + table + " values ('k%03d')".formatted(i))
			.toArray(String[]::new));
		return table;
	}

	private static List<KeyEntry> list(KeyValueStore store) {
		return store.list(KeyRange.of(Key.of("")), ListingPosition.START, 1000).entries();
	}

	private static void refuseRow(TestDatabase database, String table, String name, String key) {
		if (database.isH2()) {
			database.execute("create trigger " + name + " before delete on " + table + " for each row call '"
					+ Guard.class.getName() + "'");
			return;
		}
		database.execute("create function " + name + "_run() returns trigger language plpgsql as $$ begin if old.k = '"
				+ key
				+ "' then raise exception 'row % is on hold', old.k using errcode = 'P0001'; end if; return old; end $$",
				"create trigger " + name + " before delete on " + table + " for each row execute function " + name
						+ "_run()");
	}

	@ParameterizedTest
	@MethodSource("databases")
	void rowsHeldByForeignKeysAreNamedAndTheOthersGo(TestDatabase database) {
		String table = tableWithRows(database, 100);
		database.execute("create table " + table + "_child (k varchar(20) references " + table + ")",
				"insert into " + table + "_child values ('k007'), ('k008'), ('k099')");
		try (KeyValueStore store = database.open(table)) {
			DeleteResult result = store.delete(list(store));
			assertThat(result.refused()).containsOnlyKeys(Key.of("k007"), Key.of("k008"), Key.of("k099"));
			assertThat(result.refused().values())
				.allSatisfy((reason) -> assertThat(reason).containsIgnoringCase(table).doesNotContain("\n"));
			assertThat(result.deleted()).hasSize(97);
			assertThat(database.query("select k from " + table + " order by k")).containsExactly("k007", "k008",
					"k099");
		}
	}

	@Test
	void aForeignKeyThatIsCheckedAtTheCommitRefusesToo() {
		TestDatabase database = TestDatabase.postgresql();
		String table = tableWithRows(database, 20);
		database.execute("create table " + table + "_child (k varchar(20) references " + table
				+ " deferrable initially deferred)", "insert into " + table + "_child values ('k007')");
		try (KeyValueStore store = database.open(table)) {
			DeleteResult result = store.delete(list(store));
			assertThat(result.refused()).containsOnlyKeys(Key.of("k007"));
			assertThat(result.deleted()).hasSize(19);
		}
	}

	@ParameterizedTest
	@MethodSource("databases")
	void aRowThatATriggerRefusesIsNamedAndTheOthersGo(TestDatabase database) {
		String table = tableWithRows(database, 50);
		refuseRow(database, table, table + "_guard", "k013");
		try (KeyValueStore store = database.open(table, "allow", table + "_guard")) {
			DeleteResult result = store.delete(list(store));
			assertThat(result.refused()).containsOnlyKeys(Key.of("k013"));
			assertThat(result.refused().get(Key.of("k013"))).contains("k013 is on hold").doesNotContain("\n");
			assertThat(result.deleted()).hasSize(49);
			assertThat(database.query("select k from " + table)).containsExactly("k013");
		}
	}

	@Test
	void aRowThatATriggerKeepsInSilenceIsNamedAndTheOthersGo() {
		TestDatabase database = TestDatabase.postgresql();
		String table = tableWithRows(database, 10);
		database.execute(
				"create function " + table + "_keep() returns trigger language plpgsql as $$ begin if old.k = 'k003' "
						+ "then return null; end if; return old; end $$",
				"create trigger " + table + "_t before delete on " + table + " for each row execute function " + table
						+ "_keep()");
		try (KeyValueStore store = database.open(table, "allow", table + "_t")) {
			DeleteResult result = store.delete(list(store));
			assertThat(result.refused()).containsOnlyKeys(Key.of("k003"));
			assertThat(result.deleted()).hasSize(9);
		}
	}

	@ParameterizedTest
	@MethodSource("databases")
	void triggersAreRefusedUnlessAllowedByName(TestDatabase database) {
		String table = tableWithRows(database, 3);
		refuseRow(database, table, table + "_guard", "none");
		assertThatExceptionOfType(InvalidStoreException.class).isThrownBy(() -> database.open(table))
			.satisfies((ex) -> assertThat(ex.getMessage()).containsIgnoringCase("trigger " + table + "_guard")
				.contains("'allow'")
				.doesNotContain("\n"));
		assertThatExceptionOfType(InvalidStoreException.class)
			.isThrownBy(() -> database.open(table, "allow", table + "_other"));
		try (KeyValueStore store = database.open(table, "allow", table + "_guard")) {
			assertThat(store.delete(list(store)).deleted()).hasSize(3);
		}
	}

	@Test
	void rulesAndTriggersOfStatementsAreRefusedToo() {
		TestDatabase database = TestDatabase.postgresql();
		String ruled = tableWithRows(database, 1);
		database.execute("create rule " + ruled + "_rule as on delete to " + ruled + " do instead nothing");
		assertThatExceptionOfType(InvalidStoreException.class).isThrownBy(() -> database.open(ruled))
			.withMessageContaining(ruled + "_rule");
		String statement = tableWithRows(database, 1);
		database.execute(
				"create function " + statement
						+ "_run() returns trigger language plpgsql as $$ begin return null; end $$",
				"create trigger " + statement + "_t after delete on " + statement + " execute function " + statement
						+ "_run()");
		assertThatExceptionOfType(InvalidStoreException.class).isThrownBy(() -> database.open(statement))
			.withMessageContaining(statement + "_t");
	}

	@ParameterizedTest
	@MethodSource("databases")
	void cascadesAreRefusedUnlessAllowedByName(TestDatabase database) {
		String table = tableWithRows(database, 3);
		database.execute(
				"create table " + table + "_child (k varchar(20) primary key, constraint " + table
						+ "_fk foreign key (k) references " + table + " on delete cascade)",
				"create table " + table + "_grandchild (k varchar(20), constraint " + table
						+ "_fk2 foreign key (k) references " + table + "_child on delete set null)",
				"insert into " + table + "_child values ('k001')",
				"insert into " + table + "_grandchild values ('k001')");
		assertThatExceptionOfType(InvalidStoreException.class).isThrownBy(() -> database.open(table))
			.satisfies((ex) -> assertThat(ex.getMessage()).containsIgnoringCase(table + "_fk (deletes rows of")
				.containsIgnoringCase(table + "_fk2 (changes rows of")
				.doesNotContain("\n"));
		assertThatExceptionOfType(InvalidStoreException.class)
			.isThrownBy(() -> database.open(table, "allow", table + "_fk"))
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContainIgnoringCase(table + "_fk (")
				.containsIgnoringCase(table + "_fk2"));
		try (KeyValueStore store = database.open(table, "allow", table + "_fk," + table + "_fk2")) {
			assertThat(store.delete(list(store)).deleted()).hasSize(3);
			assertThat(database.query("select k from " + table + "_child")).isEmpty();
			assertThat(database.query("select k from " + table + "_grandchild")).containsOnlyNulls().hasSize(1);
		}
	}

	@ParameterizedTest
	@MethodSource("databases")
	void triggersOfRowsThatGoAlongAreRefusedToo(TestDatabase database) {
		String table = tableWithRows(database, 1);
		database.execute("create table " + table + "_child (k varchar(20), constraint " + table
				+ "_fk foreign key (k) references " + table + " on delete cascade)");
		refuseRow(database, table + "_child", table + "_guard", "none");
		assertThatExceptionOfType(InvalidStoreException.class)
			.isThrownBy(() -> database.open(table, "allow", table + "_fk"))
			.satisfies((ex) -> assertThat(ex.getMessage()).containsIgnoringCase("trigger " + table + "_guard of"));
	}

	@Test
	void triggersOfPartitionsAreRefusedToo() {
		TestDatabase database = TestDatabase.postgresql();
		String table = "parted";
		database.execute("create table parted (k varchar(20) primary key) partition by hash (k)",
				"create table parted_0 partition of parted for values with (modulus 1, remainder 0)");
		refuseRow(database, "parted_0", "parted_guard", "none");
		assertThatExceptionOfType(InvalidStoreException.class).isThrownBy(() -> database.open(table))
			.withMessageContaining("parted_guard");
		database.execute("drop table parted");
	}

	@Test
	void aCascadeFromOnePartitionIsRefusedAndOneFromAllIsNamedOnce() {
		TestDatabase database = TestDatabase.postgresql();
		database.execute("create table whole (k varchar(20) primary key) partition by hash (k)",
				"create table whole_0 partition of whole for values with (modulus 1, remainder 0)",
				"create table whole_child (k varchar(20), constraint whole_fk foreign key (k) references whole "
						+ "on delete cascade)",
				"create table part_child (k varchar(20), constraint part_fk foreign key (k) references whole_0 "
						+ "on delete cascade)");
		assertThatExceptionOfType(InvalidStoreException.class).isThrownBy(() -> database.open("whole"))
			.withMessageContaining("would set off foreign key whole_fk (deletes rows of 'public.whole_child'), "
					+ "foreign key part_fk (deletes rows of 'public.part_child'): name");
		database.execute("drop table whole cascade", "drop table whole_child", "drop table part_child");
	}

	@Test
	void rowsThatRowSecurityKeepsFromDeletionAreRefusedAndNotVanished() {
		TestDatabase database = TestDatabase.postgresql();
		String table = tableWithRows(database, 4);
		database.execute("create role secured login", "grant all on " + table + " to secured",
				"alter table " + table + " enable row level security",
				"create policy p1 on " + table + " for select to secured using (true)",
				"create policy p2 on " + table + " for update to secured using (k <> 'k001')",
				"create policy p3 on " + table + " for delete to secured using (k <> 'k002')");
		TestDatabase secured = new TestDatabase(database.url().replace("user=postgres", "user=secured"));
		try (KeyValueStore store = secured.open(table)) {
			DeleteResult result = store.delete(list(store));
			assertThat(result.refused()).containsOnlyKeys(Key.of("k001"), Key.of("k002"));
			assertThat(result.deleted()).containsExactlyInAnyOrder(Key.of("k000"), Key.of("k003"));
		}
	}

	@Test
	void rowsOfInheritingTablesAreNoRowsOfTheTable() {
		TestDatabase database = TestDatabase.postgresql();
		String table = tableWithRows(database, 2);
		database.execute("create table " + table + "_heir () inherits (" + table + ")",
				"insert into " + table + "_heir values ('k000'), ('k001'), ('heir')");
		assertThatExceptionOfType(InvalidStoreException.class).isThrownBy(() -> database.open(table))
			.withMessageContaining(table + "_heir");
	}

	@Test
	void aTableWithoutRightsSaysSoPlainly() {
		TestDatabase database = TestDatabase.postgresql();
		String table = tableWithRows(database, 2);
		database.execute("create role looker login", "grant select on " + table + " to looker");
		TestDatabase asLooker = new TestDatabase(database.url().replace("user=postgres", "user=looker"));
		try (KeyValueStore store = asLooker.open(table)) {
			List<KeyEntry> entries = list(store);
			assertThatExceptionOfType(StoreException.class).isThrownBy(() -> store.delete(entries))
				.withMessageContaining("permission denied")
				.isNotInstanceOf(TransientStoreException.class);
		}
		assertThat(database.query("select k from " + table)).hasSize(2);
	}

	/** Refuses one row in H2. */
	public static final class Guard implements Trigger {

		@Override
		public void fire(Connection connection, Object[] old, Object[] changed) throws SQLException {
			if ("k013".equals(old[0])) {
				throw new SQLException("row k013 is on hold", "45000");
			}
		}

	}

}
