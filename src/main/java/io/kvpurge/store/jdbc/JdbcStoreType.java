package io.kvpurge.store.jdbc;

import java.util.List;

import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.StoreOption;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.store.StoreType;

/** {@code type: jdbc}. */
public final class JdbcStoreType implements StoreType {

	@Override
	public String name() {
		return "jdbc";
	}

	@Override
	public List<StoreOption> options() {
		return List.of(StoreOption.required("url"), StoreOption.optional("username"), StoreOption.secret("password"),
				StoreOption.required("table"), StoreOption.required("key"), StoreOption.optional("value"),
				StoreOption.optional("metadata"), StoreOption.optionalList("columns"),
				StoreOption.optional("expiration"), StoreOption.optional("version"), StoreOption.optionalList("allow"));
	}

	@Override
	public KeyValueStore open(StoreOptions options) {
		return open(options, false);
	}

	@Override
	public KeyValueStore create(StoreOptions options) {
		return open(options, true);
	}

	private static KeyValueStore open(StoreOptions options, boolean create) {
		JdbcConnections connections = JdbcConnections.open(options, create);
		try {
			if (create) {
				new TableCreation(connections).createIfMissing(options);
			}
			JdbcTable table = new TableInspection(connections).inspect(options);
			return new JdbcStore(connections, table);
		}
		catch (RuntimeException ex) {
			connections.close();
			throw ex;
		}
	}

}
