package io.kvpurge.testkit;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import io.kvpurge.testkit.TcpProxy.Way;

/** One connection of a proxy: from the client to it, and from it to the server. */
final class TcpProxyLine {

	private final TcpProxy proxy;

	private final Socket client;

	private final Socket target = new Socket();

	private final AtomicInteger ended = new AtomicInteger();

	TcpProxyLine(TcpProxy proxy, Socket client) {
		this.proxy = proxy;
		this.client = client;
	}

	void connect() {
		try {
			this.proxy.awaitVoice(this);
			this.target.connect(this.proxy.server());
			this.proxy.execute(() -> pass(Way.TO_CLIENT, this.target, this.client));
			pass(Way.TO_SERVER, this.client, this.target);
		}
		catch (IOException | InterruptedException | RejectedExecutionException ex) {
			cut();
		}
	}

	private void pass(Way way, Socket from, Socket to) {
		try {
			byte[] buffer = new byte[65_536];
			int count = read(from, buffer);
			while (count >= 0) {
				int passed = this.proxy.passed(way, buffer, count);
				to.getOutputStream().write(buffer, 0, passed);
				if (passed < count) {
					cut();
					return;
				}
				count = read(from, buffer);
			}
			to.shutdownOutput();
			if (this.ended.incrementAndGet() == 2) {
				end();
			}
		}
		catch (IOException | InterruptedException ex) {
			cut();
		}
	}

	/** Even the news that one side has gone waits until it may be passed on. */
	private int read(Socket from, byte[] buffer) throws IOException, InterruptedException {
		try {
			return from.getInputStream().read(buffer);
		}
		finally {
			this.proxy.awaitVoice(this);
		}
	}

	boolean isCut() {
		return this.client.isClosed();
	}

	void cut() {
		reset(this.client);
		reset(this.target);
		this.proxy.forget(this);
	}

	private static void reset(Socket socket) {
		try (socket) {
			socket.setSoLinger(true, 0);
		}
		catch (IOException ex) {
			// Closed already.
		}
	}

	private void end() throws IOException {
		this.client.close();
		this.target.close();
		this.proxy.forget(this);
	}

}
