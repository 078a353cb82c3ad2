package io.kvpurge.store.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.lettuce.core.RedisURI;

import io.kvpurge.store.InvalidStoreException;
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
				StoreOption.flag("cluster"), StoreOption.optional("sentinel"),
				StoreOption.optional("sentinel-username"), StoreOption.secret("sentinel-password"),
				StoreOption.number("wait-replicas"), StoreOption.duration("max-latency"));
	}

	/** Asks the server who it is, and whether it can tell what the rule asks for. */
	@Override
	public KeyValueStore open(StoreOptions options) {
		StoreAddress address = StoreAddress.of(options);
		Reading reading = Reading.of(options.fields());
		Client client = new Client(address.tls(),
				new Credentials(options.optionalText("username"), options.optionalText("password")),
				new Credentials(options.optionalText("sentinel-username"), options.optionalText("sentinel-password")),
				options.requestTimeout());
		try {
			return opened(client, address, reading, options);
		}
		catch (RuntimeException ex) {
			client.close();
			throw ex;
		}
	}

	private static RedisStore opened(Client client, StoreAddress address, Reading reading, StoreOptions options) {
		Consumer<ServerFacts> check = (facts) -> {
			facts.requireAs(address.kind());
			facts.requireFor(reading);
		};
		Integer replicas = options.number("wait-replicas");
		Duration latency = options.duration("max-latency");
		if (address.kind() == StoreAddress.Kind.CLUSTER) {
			if (replicas != null || latency != null) {
				throw new InvalidStoreException(
						"store: 'wait-replicas' and 'max-latency' are for one primary, not for a cluster: leave them out");
			}
			return new RedisStore(client, new ClusterConnection(client, address, check), address, reading, null, null);
		}
		Supplier<RedisURI> way = (address.kind() == StoreAddress.Kind.SENTINEL) ? primary(client, address)
				: () -> client.server(address.servers().get(0), address.database());
		ServerConnection connection = new ServerConnection(client, way, check);
		connection.facts();
		return new RedisStore(client, connection, address, reading,
				(replicas != null) ? new ReplicaWait(connection, replicas, options.requestTimeout()).tried() : null,
				(latency != null) ? watch(new ServerConnection(client, way, check), latency, options.requestTimeout())
						: null);
	}

	/** Over a connection that nothing else is sent over. */
	private static LatencyWatch watch(ServerConnection apart, Duration most, Duration requestTimeout) {
		// Whether it may be asked at all.
		apart.await("cannot measure the latency", apart.server().ping());
		LatencyWatch watch = new LatencyWatch(() -> apart.server().ping(), most, requestTimeout, System::nanoTime);
		watch.start();
		return watch;
	}

	/** Another sentinel is asked each time: one may know the primary of long ago. */
	private static Supplier<RedisURI> primary(Client client, StoreAddress address) {
		AtomicInteger turn = new AtomicInteger();
		return () -> client.primary(address.primaryName(), address.serversFrom(turn.getAndIncrement()),
				address.database());
	}

}
