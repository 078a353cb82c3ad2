package io.kvpurge.store.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** Stands between a client and PostgreSQL, and cuts the line at a commit when told to. */
final class CutConnectionProxy implements AutoCloseable {

	/** Where the line is cut. */
	enum Cut {

		NEVER, BEFORE_COMMIT, AFTER_COMMIT

	}

	private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final CountDownLatch answered = new CountDownLatch(1);

	private final int target;

	private volatile Cut cut = Cut.NEVER;

	CutConnectionProxy(int target) throws IOException {
		this.target = target;
		start(this::accept);
	}

	int port() {
		return this.server.getLocalPort();
	}

	void cut(Cut at) {
		this.cut = at;
	}

	private static void start(Runnable work) {
		Thread thread = new Thread(work, "proxy");
		thread.setDaemon(true);
		thread.start();
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Socket client = this.server.accept();
				Socket database = new Socket(InetAddress.getLoopbackAddress(), this.target);
				start(() -> toDatabase(client, database));
				start(() -> toClient(client, database));
			}
			catch (IOException ex) {
				if (!this.server.isClosed()) {
					throw new UncheckedIOException(ex);
				}
			}
		}
	}

	private void toDatabase(Socket client, Socket database) {
		try (client; database) {
			InputStream in = client.getInputStream();
			OutputStream out = database.getOutputStream();
			byte[] buffer = new byte[65_536];
			for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
				boolean commit = new String(buffer, 0, count, StandardCharsets.ISO_8859_1).contains("COMMIT");
				if (commit && this.cut == Cut.BEFORE_COMMIT) {
					return;
				}
				out.write(buffer, 0, count);
				out.flush();
				if (commit && this.cut == Cut.AFTER_COMMIT) {
					// The answer proves that it is done, and goes no further.
					this.answered.await();
					return;
				}
			}
		}
		catch (IOException | InterruptedException ex) {
			// Closed by the other side.
		}
	}

	private void toClient(Socket client, Socket database) {
		try (client; database) {
			InputStream in = database.getInputStream();
			OutputStream out = client.getOutputStream();
			byte[] buffer = new byte[65_536];
			for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
				boolean committed = new String(buffer, 0, count, StandardCharsets.ISO_8859_1).contains("COMMIT\0");
				if (committed && this.cut == Cut.AFTER_COMMIT) {
					this.answered.countDown();
					return;
				}
				out.write(buffer, 0, count);
				out.flush();
			}
		}
		catch (IOException ex) {
			// Closed by the other side.
		}
	}

	@Override
	public void close() throws IOException {
		this.server.close();
	}

}
