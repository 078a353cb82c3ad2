package io.kvpurge.store.redis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;

/**
 * The connections to the servers of a cluster, each opened when it is needed, and a view
 * of which of them holds which keys. A view that proved old is replaced by the next call.
 */
final class ClusterConnection extends RedisConnection {

	private final Client client;

	private final StoreAddress address;

	private final Consumer<ServerFacts> check;

	private final Map<ServerAddress, ServerConnection> servers = new HashMap<>();

	/** ASKING speaks of the next command of its connection, whoever sends that. */
	private final Map<ServerAddress, ServerConnection> forAsking = new HashMap<>();

	/** Follows servers that send a command on: to connect may take a while. */
	private final ExecutorService afterwards = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, "redis-redirects");
		thread.setDaemon(true);
		return thread;
	});

	private @Nullable ClusterView view;

	/** Who was in the view before, if that is outdated. */
	private List<ServerAddress> known = List.of();

	/** Who is asked first for a view: another one each time, since one may be wrong. */
	private int turn;

	/**
	 * @param client opens connections; whoever made it closes it
	 * @param address names some of the servers
	 * @param check refuses a server by an exception
	 */
	ClusterConnection(Client client, StoreAddress address, Consumer<ServerFacts> check) {
		super(client.timeout());
		this.client = client;
		this.address = address;
		this.check = check;
	}

	/**
	 * Which server holds which slots.
	 * @throws StoreException if no server can be asked
	 */
	synchronized ClusterView view() {
		ClusterView seen = this.view;
		if (seen == null) {
			seen = look();
			this.view = seen;
			this.known = seen.addresses();
		}
		return seen;
	}

	private ClusterView look() {
		// Those of the definition last: they may have left the cluster.
		Set<ServerAddress> all = new LinkedHashSet<>(this.known);
		all.addAll(this.address.servers());
		List<ServerAddress> candidates = new ArrayList<>(all);
		StoreException last = null;
		for (int i = 0; i < candidates.size(); i++) {
			ServerAddress asked = candidates.get(this.turn++ % candidates.size());
			try {
				return ClusterView.parse(await("cannot ask for the slots", server(asked).server().clusterNodes()),
						asked, this.address.tls());
			}
			catch (TransientStoreException ex) {
				last = ex;
			}
		}
		throw (last != null) ? last : new TransientStoreException("no server of the cluster can be asked", null, null);
	}

	/** A server that answered otherwise than the view says has a newer one. */
	synchronized void outdated() {
		this.view = null;
	}

	/** The connection to one of the servers. */
	synchronized ServerConnection server(ServerAddress server) {
		return this.servers.computeIfAbsent(server, this::connection);
	}

	/** One for commands each of which is sent right behind ASKING. */
	synchronized ServerConnection forAsking(ServerAddress server) {
		return this.forAsking.computeIfAbsent(server, this::connection);
	}

	private ServerConnection connection(ServerAddress server) {
		return new ServerConnection(this.client, () -> this.client.server(server, 0), this.check);
	}

	@Override
	KeyCommands commands() {
		return new ClusterCommands(this, view());
	}

	/** A script takes keys of one slot only, and of few of them are there two. */
	@Override
	int keysAtOnce(int wanted) {
		return 1;
	}

	/** Those of the oldest of all servers that hold keys. */
	@Override
	ServerFacts facts() {
		return view().primaries()
			.stream()
			.map((node) -> server(node.address()).facts())
			.min(Comparator.comparingInt(ServerFacts::version))
			.orElseThrow(() -> new TransientStoreException("no server of the cluster holds a slot", null, null));
	}

	@Override
	Executor afterwards() {
		return this.afterwards;
	}

	@Override
	synchronized void doubt() {
		outdated();
		this.servers.values().forEach(ServerConnection::doubt);
		this.forAsking.values().forEach(ServerConnection::doubt);
	}

	@Override
	public void close() {
		this.afterwards.shutdown();
	}

}
