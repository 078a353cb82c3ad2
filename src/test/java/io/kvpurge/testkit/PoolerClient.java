package io.kvpurge.testkit;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

import io.kvpurge.testkit.ServerConnection.RefusedException;

/** A client of a pooler. */
final class PoolerClient {

	private final int id = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);

	private final int secret = ThreadLocalRandom.current().nextInt();

	private final TransactionPooler pooler;

	private final Socket socket;

	private final DataInputStream in;

	private final DataOutputStream out;

	/** Has what this client asked for, and not yet all of its answer. */
	private @Nullable ServerConnection server;

	/** How often the server has yet to say that it is ready. */
	private int answersDue;

	/** Whether there is something that a Sync has yet to follow. */
	private boolean unsynced;

	PoolerClient(TransactionPooler pooler, Socket socket) throws IOException {
		this.pooler = pooler;
		this.socket = socket;
		this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
		this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
	}

	/** Does what the client asks, until it has gone. */
	void serve() {
		try {
			this.socket.setTcpNoDelay(true);
			ProtocolMessage first = readStartup();
			if (first.asksToCancel()) {
				this.pooler.cancel(first);
				return;
			}
			ServerConnections connections = this.pooler.connections(first.parameters());
			greet(connections);
			ProtocolMessage message = ProtocolMessage.read(this.in);
			while (message.type() != 'X') {
				pass(message, connections);
				message = ProtocolMessage.read(this.in);
			}
		}
		catch (RefusedException ex) {
			refuse(ex.answer());
		}
		catch (IOException | InterruptedException ex) {
			// Ended by either side.
		}
		finally {
			leave();
		}
	}

	private ProtocolMessage readStartup() throws IOException {
		ProtocolMessage first = ProtocolMessage.readFirst(this.in);
		while (first.asksForEncryption()) {
			this.out.writeByte('N');
			this.out.flush();
			first = ProtocolMessage.readFirst(this.in);
		}
		return first;
	}

	private void greet(ServerConnections connections) throws IOException, InterruptedException {
		ProtocolMessage.of('R', 0).write(this.out);
		for (ProtocolMessage setting : connections.greeting()) {
			setting.write(this.out);
		}
		ProtocolMessage.of('K', this.id, this.secret).write(this.out);
		write(ProtocolMessage.ready(), true);
	}

	private void refuse(ProtocolMessage answer) {
		try {
			write(answer, true);
		}
		catch (IOException ex) {
			// Gone already.
		}
	}

	private void pass(ProtocolMessage message, ServerConnections connections) throws IOException, InterruptedException {
		ServerConnection taken;
		synchronized (this) {
			taken = this.server;
			if (taken == null) {
				taken = connections.take();
				taken.serve(this);
				this.server = taken;
			}
			expectAnswer(message.type());
		}
		// Not in the lock: it may wait for the server, whose answer may wait for the
		// lock.
		taken.send(message, this.in.available() == 0);
	}

	private void expectAnswer(char type) {
		switch (type) {
			case 'Q', 'F', 'S' -> {
				this.answersDue++;
				this.unsynced = false;
			}
			case 'd', 'c', 'f' -> {
				// Rows of a COPY belong to what began it.
			}
			default -> this.unsynced = true;
		}
	}

	/**
	 * Passes on what the server says. The connection is given back before the client can
	 * know that its transaction is over: whoever asks next finds it.
	 */
	void answer(ServerConnection from, ProtocolMessage message, boolean last) {
		try {
			if (!message.isReady()) {
				write(message, last);
				return;
			}
			// In the lock: what the client asks next must not be answered first.
			synchronized (this) {
				this.answersDue--;
				if (message.endsTransaction() && this.answersDue == 0 && !this.unsynced) {
					giveBack(from);
				}
				write(message, true);
			}
		}
		catch (IOException ex) {
			end();
		}
	}

	private void write(ProtocolMessage message, boolean last) throws IOException {
		message.write(this.out);
		if (last) {
			this.out.flush();
		}
	}

	private void giveBack(ServerConnection from) {
		if (this.pooler.isInTransactionMode() && this.server == from) {
			this.server = null;
			from.giveBack();
		}
	}

	/** A transaction that was left open must not go on for somebody else. */
	private synchronized void leave() {
		ServerConnection taken = this.server;
		this.server = null;
		if (taken != null) {
			taken.close();
		}
		end();
	}

	/** Closes the connection; whoever serves it finds out. */
	void end() {
		this.pooler.forget(this);
		LoopbackListener.close(this.socket);
	}

	boolean hasKey(ProtocolMessage request) {
		return request.number(1) == this.id && request.number(2) == this.secret;
	}

	/** In the lock: nobody else may get the connection until the server has heard. */
	synchronized void cancel() throws IOException {
		ServerConnection taken = this.server;
		if (taken != null) {
			taken.cancel();
		}
	}

}
