package io.kvpurge.testkit;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;

import static org.awaitility.Awaitility.await;

/**
 * A real PostgreSQL server of a test's own, which keeps what it has confirmed, and which
 * the test may kill. The machine goes on: what a kill cannot show is data that never left
 * the machine's own cache. Needs Linux, and is for one thread.
 */
public final class DurablePostgresqlServer implements AutoCloseable {

	private static final Duration LONGEST = Duration.ofSeconds(60);

	private final Path dataDirectory;

	private final int port;

	private @Nullable EmbeddedPostgres running;

	/**
	 * Starts it.
	 * @param dataDirectory is made and filled if it is not there or empty, and never
	 * removed
	 */
	public DurablePostgresqlServer(Path dataDirectory) throws IOException {
		this.dataDirectory = dataDirectory;
		this.port = freePort();
		start();
	}

	/**
	 * Below the ports that the system itself hands out, so that nobody is given this one
	 * while the server is down.
	 */
	private static int freePort() throws IOException {
		while (true) {
			int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
			try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
				return free.getLocalPort();
			}
			catch (BindException ex) {
				// Taken: the next, then.
			}
		}
	}

	/** The URL of its database, user included; the same after a new start. */
	public String url() {
		return "jdbc:postgresql://localhost:" + this.port + "/postgres?user=" + PostgresqlServer.USER;
	}

	/** Where it listens on this machine; the same after a new start. */
	public int port() {
		return this.port;
	}

	/**
	 * Starts it with what its data directory holds, and waits until it answers. After a
	 * kill that takes a recovery.
	 */
	public void start() throws IOException {
		if (this.running != null) {
			throw new IllegalStateException("is running");
		}
		this.running = EmbeddedPostgres.builder()
			.setDataDirectory(this.dataDirectory)
			.setCleanDataDirectory(false)
			.setPort(this.port)
			.setPGStartupWait(LONGEST)
			.setServerConfig("fsync", "on")
			.setServerConfig("full_page_writes", "on")
			.setServerConfig("synchronous_commit", "on")
			// No socket in the file system: its lock file would outlive a kill.
			.setServerConfig("unix_socket_directories", "")
			.start();
	}

	/**
	 * Kills it with all its processes, SIGKILL, and waits until they are gone. Zonky,
	 * told to let go of the data directory, logs that it finds nothing to stop.
	 */
	public void kill() throws IOException {
		EmbeddedPostgres killed = this.running;
		if (killed == null) {
			throw new IllegalStateException("is not running");
		}
		Path lock = this.dataDirectory.resolve("postmaster.pid");
		ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(Files.readAllLines(lock).get(0)))
			.orElseThrow(() -> new IllegalStateException("ended by itself"));
		freeze(postmaster);
		// Itself last: a child that outlives it says goodbye to its client.
		List<ProcessHandle> all = Stream.concat(postmaster.descendants(), Stream.of(postmaster)).toList();
		all.forEach(ProcessHandle::destroyForcibly);
		await().atMost(LONGEST).until(() -> all.stream().allMatch((process) -> "ZX".indexOf(state(process)) >= 0));
		// A process that is dead but not yet reaped would make the next server believe
		// that this one is alive.
		Files.delete(lock);
		this.running = null;
		killed.close();
	}

	/** Stops it, so that it has no more children than those that are seen afterwards. */
	private static void freeze(ProcessHandle process) throws IOException {
		new ProcessBuilder("kill", "-STOP", Long.toString(process.pid())).start();
		await().atMost(LONGEST).until(() -> state(process) == 'T');
	}

	/** A letter as ps shows it: T is stopped, Z dead but not reaped, X gone. */
	private static char state(ProcessHandle process) {
		try {
			String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
			// After the name, in which there may be anything.
			return stat.charAt(stat.lastIndexOf(')') + 2);
		}
		catch (IOException ex) {
			// There is no such file, or no such process any more.
			return 'X';
		}
	}

	/** Stops it in good order, if it is running; its data directory stays. */
	@Override
	public void close() throws IOException {
		EmbeddedPostgres stopped = this.running;
		this.running = null;
		if (stopped != null) {
			stopped.close();
		}
	}

}
