package io.kvpurge.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/** Listens on a free port of this machine, and has the threads that serve it. */
final class LoopbackListener {

	private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final ExecutorService threads;

	/**
	 * Takes a port.
	 * @param name its threads are called this, the port and a number
	 */
	LoopbackListener(String name) throws IOException {
		CustomizableThreadFactory factory = new CustomizableThreadFactory(name + "-" + port() + "-");
		factory.setDaemon(true);
		this.threads = Executors.newCachedThreadPool(factory);
	}

	int port() {
		return this.listener.getLocalPort();
	}

	/**
	 * Hands over each connection from now on.
	 * @param door must not block, as it is called by the thread that listens
	 */
	void listen(Consumer<Socket> door) {
		this.threads.execute(() -> accept(door));
	}

	private void accept(Consumer<Socket> door) {
		while (!this.listener.isClosed()) {
			try {
				door.accept(this.listener.accept());
			}
			catch (IOException ex) {
				// Closed, or the client has gone before it was accepted.
			}
		}
	}

	/**
	 * Runs it in a thread of its own, which is interrupted at the end.
	 * @throws RejectedExecutionException after the end
	 */
	void execute(Runnable work) {
		this.threads.execute(work);
	}

	/**
	 * Listens no more, and waits for all threads to end.
	 * @param cut closes what they may be reading; nothing is executed any more when it is
	 * called
	 */
	void close(Runnable cut) throws IOException {
		this.listener.close();
		this.threads.shutdownNow();
		cut.run();
		try {
			if (!this.threads.awaitTermination(30, TimeUnit.SECONDS)) {
				throw new IllegalStateException("the threads behind port " + port() + " do not end");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Closes a socket that is of no more use, whether that succeeds or not. */
	static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// It is of no more use either way.
		}
	}

}
