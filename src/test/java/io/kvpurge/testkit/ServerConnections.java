package io.kvpurge.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;

/** A pooler's connections to the server that are opened with the same parameters. */
final class ServerConnections {

	private final Set<ServerConnection> open = new HashSet<>();

	private final Deque<ServerConnection> idle = new ArrayDeque<>();

	private final InetSocketAddress server;

	private final Map<String, String> parameters;

	private final int most;

	private final Executor threads;

	private @Nullable List<ProtocolMessage> greeting;

	ServerConnections(InetSocketAddress server, Map<String, String> parameters, int most, Executor threads) {
		this.server = server;
		this.parameters = parameters;
		this.most = most;
		this.threads = threads;
	}

	/**
	 * What the server says of its settings to whoever connects. It is asked once.
	 */
	synchronized List<ProtocolMessage> greeting() throws IOException, InterruptedException {
		List<ProtocolMessage> known = this.greeting;
		if (known == null) {
			ServerConnection connection = take();
			known = connection.greeting();
			this.greeting = known;
			giveBack(connection);
		}
		return known;
	}

	/** The one used last of those that are idle, or a new one, or the next given back. */
	synchronized ServerConnection take() throws IOException, InterruptedException {
		while (this.idle.isEmpty() && this.open.size() == this.most) {
			wait();
		}
		ServerConnection last = this.idle.pollFirst();
		if (last != null) {
			return last;
		}
		ServerConnection added = ServerConnection.open(this.server, this.parameters, this);
		this.open.add(added);
		try {
			this.threads.execute(added::listen);
		}
		catch (RejectedExecutionException ex) {
			added.close();
			throw new IOException("the pooler is closed", ex);
		}
		return added;
	}

	synchronized void giveBack(ServerConnection connection) {
		if (this.open.contains(connection)) {
			this.idle.addFirst(connection);
			notifyAll();
		}
	}

	/** For a connection that has ended. */
	synchronized void forget(ServerConnection connection) {
		this.open.remove(connection);
		this.idle.remove(connection);
		notifyAll();
	}

	synchronized void close() {
		List.copyOf(this.open).forEach(ServerConnection::close);
	}

}
