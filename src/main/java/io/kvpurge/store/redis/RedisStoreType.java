package io.kvpurge.store.redis;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

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
		return List.of(StoreOption.required("url"), StoreOption.optional("username"), StoreOption.secret("password"),
				StoreOption.number("wait-replicas"), StoreOption.duration("max-latency"));
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
			Integer replicas = options.number("wait-replicas");
			return new RedisStore(connection, address, reading, facts, options.requestTimeout(),
					(replicas != null) ? new ReplicaWait(connection, replicas, options.requestTimeout()).tried() : null,
					latency(connection, options));
		}
		catch (RuntimeException ex) {
			connection.close();
			throw ex;
		}
	}

	private static @Nullable LatencyWatch latency(ServerConnection connection, StoreOptions options) {
		Duration most = options.duration("max-latency");
		if (most == null) {
			return null;
		}
		// Whether it may be asked at all.
		connection.await("cannot measure the latency", connection.ping());
		LatencyWatch watch = new LatencyWatch(connection::ping, most, options.requestTimeout(), System::nanoTime);
		watch.start();
		return watch;
	}

}
