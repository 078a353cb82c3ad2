package io.kvpurge.store.jdbc;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Nested;

import io.kvpurge.store.Key;
import io.kvpurge.store.Metadata;

/** The contract on PostgreSQL, for each kind of column. */
class PostgresqlStoreTests {

	abstract static class Contract extends JdbcStoreContract {

		@Override
		TestDatabase database() {
			return TestDatabase.postgresql();
		}

	}

	@Nested
	class TextKeysSortedByBytesWithEverything extends Contract {

		@Override
		String columns() {
			return "k text collate \"C\" primary key, v bytea, m jsonb, e timestamptz, n bigint not null";
		}

		@Override
		Map<String, List<String>> columnOptions() {
			return options("value", "v", "metadata", "m", "expiration", "e", "version", "n");
		}

	}

	@Nested
	class TextKeysSortedByTheDatabase extends Contract {

		@Override
		String columns() {
			return "k varchar(1024) primary key, v text, m json, e timestamp";
		}

		@Override
		Map<String, List<String>> columnOptions() {
			return options("value", "v", "metadata", "m", "expiration", "e");
		}

	}

	@Nested
	class TextKeysSortedLikeALanguage extends Contract {

		@Override
		String columns() {
			return "k text collate \"sv-x-icu\" primary key, m varchar, e bigint";
		}

		@Override
		Map<String, List<String>> columnOptions() {
			return options("metadata", "m", "expiration", "e");
		}

	}

	@Nested
	class TextKeysAlone extends Contract {

		@Override
		String columns() {
			return "k text primary key";
		}

		@Override
		Map<String, List<String>> columnOptions() {
			return Map.of();
		}

	}

	@Nested
	class MetadataInJsonAndColumns extends Contract {

		@Override
		String columns() {
			return "k text primary key, m jsonb, number bigint, owner varchar";
		}

		@Override
		Map<String, List<String>> columnOptions() {
			return options("metadata", "m", "columns", "number,owner");
		}

		@Override
		protected Metadata metadata(int number) {
			return Metadata.of(Map.of("number", (long) number, "owner", "o'" + number, "rest", List.of(1L)));
		}

	}

	@Nested
	class IntegerKeys extends Contract {

		@Override
		String columns() {
			return "k integer primary key, m jsonb, n integer not null";
		}

		@Override
		Map<String, List<String>> columnOptions() {
			return options("metadata", "m", "version", "n");
		}

		@Override
		protected boolean textKeys() {
			return false;
		}

		@Override
		protected Key key(int number) {
			return Key.of(String.valueOf(number - 3));
		}

	}

	@Nested
	class UuidKeys extends Contract {

		@Override
		String columns() {
			return "k uuid primary key, v bytea, m jsonb";
		}

		@Override
		Map<String, List<String>> columnOptions() {
			return options("value", "v", "metadata", "m");
		}

		@Override
		protected boolean textKeys() {
			return false;
		}

		@Override
		protected Key key(int number) {
			return Key.of("%08x-0000-4000-8000-00000000000f".formatted(number * 0x01010101));
		}

	}

}
