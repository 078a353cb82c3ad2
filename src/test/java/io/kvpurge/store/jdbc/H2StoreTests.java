package io.kvpurge.store.jdbc;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Nested;

import io.kvpurge.store.Key;
import io.kvpurge.store.Metadata;

/** The contract on H2, for each kind of column. */
class H2StoreTests {

	abstract static class Contract extends JdbcStoreContract {

		@Override
		TestDatabase database() {
			return TestDatabase.h2();
		}

	}

	@Nested
	class TextKeysWithEverything extends Contract {

		@Override
		String columns() {
			return "k varchar primary key, v blob, m json, e timestamp with time zone, n bigint not null";
		}

		@Override
		Map<String, List<String>> columnOptions() {
			return options("value", "v", "metadata", "m", "expiration", "e", "version", "n");
		}

	}

	@Nested
	class TextKeysAlone extends Contract {

		@Override
		String columns() {
			return "k varchar(1024) primary key";
		}

		@Override
		Map<String, List<String>> columnOptions() {
			return Map.of();
		}

	}

	@Nested
	class MetadataInVarchar extends Contract {

		@Override
		String columns() {
			return "k varchar primary key, v varchar, m varchar, e timestamp";
		}

		@Override
		Map<String, List<String>> columnOptions() {
			return options("value", "v", "metadata", "m", "expiration", "e");
		}

	}

	@Nested
	class MetadataInClob extends Contract {

		@Override
		String columns() {
			return "k varchar primary key, v varbinary, m clob, e bigint";
		}

		@Override
		Map<String, List<String>> columnOptions() {
			return options("value", "v", "metadata", "m", "expiration", "e");
		}

	}

	@Nested
	class MetadataInJsonAndColumns extends Contract {

		@Override
		String columns() {
			return "k varchar primary key, m json, number bigint, owner varchar";
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
			return "k bigint primary key, m json";
		}

		@Override
		Map<String, List<String>> columnOptions() {
			return options("metadata", "m");
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
			return "k uuid primary key, v blob, m json";
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
