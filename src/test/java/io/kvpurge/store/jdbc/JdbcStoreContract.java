package io.kvpurge.store.jdbc;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.KeyValueStoreContract;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoreOptions;

/** The contract for one kind of table in one kind of database. */
abstract class JdbcStoreContract extends KeyValueStoreContract {

	private TestDatabase database;

	private String table = "";

	/** A database, possibly the same for several stores. */
	abstract TestDatabase database();

	/** The columns, in SQL; the key's name is {@code k}. */
	abstract String columns();

	/** The options besides {@code url}, {@code table} and {@code key}. */
	abstract Map<String, List<String>> columnOptions();

	@Override
	protected KeyValueStore openEmpty() {
		this.database = database();
		this.table = this.database.createTable(columns());
		return openAgain();
	}

	@Override
	protected KeyValueStore openAgain() {
		Map<String, List<String>> options = new HashMap<>(columnOptions());
		options.put("url", List.of(this.database.url()));
		options.put("table", List.of(this.table));
		options.put("key", List.of("k"));
		return new JdbcStoreType().open(new StoreOptions(options));
	}

	@Override
	protected boolean holds(Key name) {
		return textKeys() && (this.database.isH2() || name.text().indexOf('\0') < 0);
	}

	@Override
	protected boolean holdsAnyMetadata() {
		return columnOptions().containsKey("metadata");
	}

	/** Named columns are fields of every object, null where nothing was written. */
	@Override
	protected Metadata kept(Metadata written) {
		List<String> named = columnOptions().getOrDefault("columns", List.of());
		if (named.isEmpty() || (written.isPresent() && !(written.value() instanceof Map))) {
			return written;
		}
		Map<Object, Object> fields = new HashMap<>();
		if (written.value() instanceof Map<?, ?> object) {
			fields.putAll(object);
		}
		named.forEach((name) -> fields.putIfAbsent(name, null));
		return Metadata.of(fields);
	}

	@Override
	protected boolean holdsBinaryValues() {
		return columns().matches(".*\\bv (blob|varbinary|bytea)\\b.*");
	}

	@Override
	protected boolean keepsExpiration() {
		return columnOptions().containsKey("expiration");
	}

	@Override
	protected Metadata metadata(int number) {
		return columnOptions().containsKey("metadata") ? super.metadata(number) : Metadata.ABSENT;
	}

	@Override
	protected boolean refuse(Key key) {
		String type = columns().substring("k ".length()).split(" (primary|collate)")[0];
		this.database.execute("create table "
				+ this.table + "_child (k " + type + (columns().contains("collate \"")
						? columns().replaceFirst("(?s)^k \\S+( collate \"[^\"]*\").*", "$1") : "")
				+ " references " + this.table + " (k))");
		this.database.execute("insert into " + this.table + "_child values ('" + key.text() + "')");
		return true;
	}

	static Map<String, List<String>> options(String... namesAndValues) {
		Map<String, List<String>> options = new HashMap<>();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			options.put(namesAndValues[i], List.of(namesAndValues[i + 1].split(",")));
		}
		return options;
	}

}
