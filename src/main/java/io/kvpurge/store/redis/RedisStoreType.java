package io.kvpurge.store.redis;

import java.util.List;

import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.StoreOption;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.store.StoreType;

/** {@code type: redis}. */
public final class RedisStoreType implements StoreType {

	@Override
	public String name() {
		return "redis";
	}

	@Override
	public List<StoreOption> options() {
		return List.of(StoreOption.required("url"), StoreOption.optional("username"), StoreOption.secret("password"));
	}

	/** Asks the server who it is, and whether it can tell what the rule asks for. */
	@Override
	public KeyValueStore open(StoreOptions options) {
		ServerAddress address = ServerAddress.parse(options.text("url"));
		ServerConnection connection = new ServerConnection(address, options.optionalText("username"),
				options.optionalText("password"), options.requestTimeout());
		try {
			ServerFacts facts = ServerFacts.parse(connection.info());
			Reading reading = Reading.of(options.fields());
			facts.requireFor(reading);
			connection.leaveUntouched(facts);
			return new RedisStore(connection, address, reading, facts, options.requestTimeout());
		}
		catch (RuntimeException ex) {
			connection.close();
			throw ex;
		}
	}

}
