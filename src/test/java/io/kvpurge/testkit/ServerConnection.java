package io.kvpurge.testkit;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** A pooler's connection to the server, which serves one client after the other. */
final class ServerConnection {

	private static final int START_MILLIS = 30_000;

	private final List<ProtocolMessage> greeting = new ArrayList<>();

	private final ServerConnections siblings;

	private final Socket socket;

	private final DataInputStream in;

	private final DataOutputStream out;

	private ProtocolMessage key = ProtocolMessage.of('K');

	private volatile @Nullable PoolerClient client;

	private ServerConnection(Socket socket, ServerConnections siblings) throws IOException {
		this.socket = socket;
		this.siblings = siblings;
		this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
		this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
	}

	/**
	 * Connects.
	 * @throws RefusedException if the server answers that it does not let us in
	 */
	static ServerConnection open(InetSocketAddress server, Map<String, String> parameters, ServerConnections siblings)
			throws IOException {
		Socket socket = new Socket(server.getAddress(), server.getPort());
		try {
			socket.setTcpNoDelay(true);
			ServerConnection connection = new ServerConnection(socket, siblings);
			socket.setSoTimeout(START_MILLIS);
			connection.start(parameters);
			socket.setSoTimeout(0);
			return connection;
		}
		catch (IOException ex) {
			socket.close();
			throw ex;
		}
	}

	private void start(Map<String, String> parameters) throws IOException {
		send(ProtocolMessage.startup(parameters), true);
		ProtocolMessage message = ProtocolMessage.read(this.in);
		while (!message.isReady()) {
			switch (message.type()) {
				case 'E' -> throw new RefusedException(message);
				case 'S' -> this.greeting.add(message);
				case 'K' -> this.key = message;
				case 'R' -> requireTrust(message);
				default -> {
					// A notice.
				}
			}
			message = ProtocolMessage.read(this.in);
		}
	}

	private static void requireTrust(ProtocolMessage authentication) throws IOException {
		if (authentication.number(0) != 0) {
			throw new IOException("the server asks for a password");
		}
	}

	List<ProtocolMessage> greeting() {
		return this.greeting;
	}

	/** What the server says is for this client from now on. */
	void serve(PoolerClient whom) {
		this.client = whom;
	}

	/** What the server says is for nobody from now on, and another client may come. */
	void giveBack() {
		this.client = null;
		this.siblings.giveBack(this);
	}

	void send(ProtocolMessage message, boolean last) throws IOException {
		message.write(this.out);
		if (last) {
			this.out.flush();
		}
	}

	/** Passes on what the server says, until it has no more to say. */
	void listen() {
		try {
			while (true) {
				ProtocolMessage message = ProtocolMessage.read(this.in);
				PoolerClient whom = this.client;
				if (whom != null) {
					whom.answer(this, message, this.in.available() == 0);
				}
			}
		}
		catch (IOException ex) {
			// Ended by either side.
		}
		finally {
			close();
			PoolerClient whom = this.client;
			if (whom != null) {
				whom.end();
			}
		}
	}

	/** Asks the server to give up what it does here, and waits until it was heard. */
	void cancel() throws IOException {
		try (Socket other = new Socket(this.socket.getInetAddress(), this.socket.getPort())) {
			DataOutputStream request = new DataOutputStream(new BufferedOutputStream(other.getOutputStream()));
			ProtocolMessage.cancel(this.key.number(0), this.key.number(1)).write(request);
			request.flush();
			other.getInputStream().readAllBytes();
		}
	}

	void close() {
		LoopbackListener.close(this.socket);
		this.siblings.forget(this);
	}

	/** The server does not let a client in. */
	static final class RefusedException extends IOException {

		private static final long serialVersionUID = 1L;

		private final transient ProtocolMessage answer;

		RefusedException(ProtocolMessage answer) {
			super("the server refuses");
			this.answer = answer;
		}

		/** What the server says of it. */
		ProtocolMessage answer() {
			return this.answer;
		}

	}

}
