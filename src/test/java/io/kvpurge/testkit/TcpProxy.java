package io.kvpurge.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;

/**
 * Stands on this machine between clients and a server, passes on what they say, and fails
 * as a network does when told to. Safe for use by several threads.
 */
public final class TcpProxy implements AutoCloseable {

	/** Which way bytes go. */
	public enum Way {

		TO_SERVER, TO_CLIENT

	}

	private final LoopbackListener listener = new LoopbackListener("proxy");

	private final Set<TcpProxyLine> lines = ConcurrentHashMap.newKeySet();

	private final InetSocketAddress server;

	private boolean silent;

	private volatile boolean refusing;

	private volatile @Nullable Trap trap;

	/**
	 * Begins to listen.
	 * @param server the port of the server, on this machine
	 */
	public TcpProxy(int server) throws IOException {
		this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), server);
		this.listener.listen(this::admit);
	}

	/** Where it listens. */
	public int port() {
		return this.listener.port();
	}

	/**
	 * Passes nothing on any more, not even that one side has gone, as if packets got
	 * lost. Connections stay open, and new ones are accepted.
	 */
	public synchronized void goSilent() {
		this.silent = true;
	}

	/** Resets all connections. New ones are accepted again, unless {@link #refuse()}. */
	public void cut() {
		this.lines.forEach(TcpProxyLine::cut);
	}

	/** Resets new connections at once, and leaves those that there are. */
	public void refuse() {
		this.refusing = true;
	}

	/**
	 * Resets each connection on which a text is about to be passed on, in place of that.
	 * @param text is found only within one read, as a short message is
	 */
	public void cutAt(Way way, String text) {
		this.trap = new Trap(way, text, false);
	}

	/** The same, but half of what is about to be passed on is passed on. */
	public void cutWithin(Way way, String text) {
		this.trap = new Trap(way, text, true);
	}

	/**
	 * Takes back what made it fail. What was held back goes on; what was cut stays cut.
	 */
	public synchronized void heal() {
		this.silent = false;
		this.refusing = false;
		this.trap = null;
		notifyAll();
	}

	/** Listens no more, resets all connections, and waits for its threads to end. */
	@Override
	public void close() throws IOException {
		this.listener.close(this::cut);
	}

	private void admit(Socket client) {
		TcpProxyLine line = new TcpProxyLine(this, client);
		this.lines.add(line);
		if (this.refusing) {
			line.cut();
			return;
		}
		try {
			execute(line::connect);
		}
		catch (RejectedExecutionException ex) {
			// Closed since.
			line.cut();
		}
	}

	InetSocketAddress server() {
		return this.server;
	}

	/**
	 * Runs it in a thread of this proxy.
	 * @throws RejectedExecutionException after {@link #close()}
	 */
	void execute(Runnable work) {
		this.listener.execute(work);
	}

	/** How much is passed on of what was read: less than that before a cut. */
	int passed(Way way, byte[] bytes, int count) {
		Trap set = this.trap;
		return (set == null || !set.catches(way, bytes, count)) ? count : set.within() ? count / 2 : 0;
	}

	/** Waits while this proxy is silent and the line is not cut. */
	synchronized void awaitVoice(TcpProxyLine line) throws InterruptedException {
		while (this.silent && !line.isCut()) {
			wait();
		}
	}

	/** For a line that has ended. */
	synchronized void forget(TcpProxyLine line) {
		this.lines.remove(line);
		notifyAll();
	}

	private record Trap(Way way, String text, boolean within) {

		boolean catches(Way goes, byte[] bytes, int count) {
			return goes == this.way && new String(bytes, 0, count, StandardCharsets.ISO_8859_1).contains(this.text);
		}

	}

}
