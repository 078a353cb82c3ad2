package io.kvpurge.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

/**
 * Stands on this machine between clients and a PostgreSQL server that trusts everybody,
 * and lets many clients share few connections, as PgBouncer does. State of a session
 * (settings, advisory locks, named statements) belongs to the server's connection, and so
 * to whoever gets it next. Clients share connections if they ask for the same at startup;
 * their application_name goes no further.
 */
public final class TransactionPooler implements AutoCloseable {

	/** How long a client keeps a connection to the server. */
	public enum Mode {

		/** To the end of each transaction. */
		TRANSACTION,

		/** To the client's end, and the connection ends with it. */
		SESSION

	}

	private final LoopbackListener listener = new LoopbackListener("pooler");

	private final Set<PoolerClient> clients = ConcurrentHashMap.newKeySet();

	private final Map<Map<String, String>, ServerConnections> connections = new ConcurrentHashMap<>();

	private final InetSocketAddress server;

	private final int most;

	private final Mode mode;

	/**
	 * Begins to listen.
	 * @param server the port of the server, on this machine
	 * @param most how many connections it opens for clients that can share; who needs one
	 * more waits
	 */
	public TransactionPooler(int server, int most, Mode mode) throws IOException {
		this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), server);
		this.most = most;
		this.mode = mode;
		this.listener.listen(this::admit);
	}

	/** Where it listens. */
	public int port() {
		return this.listener.port();
	}

	private void admit(Socket socket) {
		try {
			PoolerClient client = new PoolerClient(this, socket);
			this.clients.add(client);
			this.listener.execute(client::serve);
		}
		catch (IOException | RejectedExecutionException ex) {
			// The client has gone, or this was closed.
			LoopbackListener.close(socket);
		}
	}

	/** Listens no more, ends all connections, and waits for its threads to end. */
	@Override
	public void close() throws IOException {
		this.listener.close(() -> {
			this.clients.forEach(PoolerClient::end);
			this.connections.values().forEach(ServerConnections::close);
		});
	}

	/** The connections to the server for a client that asks for this at startup. */
	ServerConnections connections(Map<String, String> parameters) {
		Map<String, String> shared = new LinkedHashMap<>(parameters);
		shared.remove("application_name");
		return this.connections.computeIfAbsent(shared,
				(key) -> new ServerConnections(this.server, key, this.most, this.listener::execute));
	}

	boolean isInTransactionMode() {
		return this.mode == Mode.TRANSACTION;
	}

	/** Cancels what the server does for the client with this key, if there is one. */
	void cancel(ProtocolMessage key) throws IOException {
		for (PoolerClient client : this.clients) {
			if (client.hasKey(key)) {
				client.cancel();
			}
		}
	}

	/** For a client that has ended. */
	void forget(PoolerClient client) {
		this.clients.remove(client);
	}

}
