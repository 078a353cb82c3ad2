package io.kvpurge.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import org.awaitility.Awaitility;

/**
 * A real Redis server, which keeps nothing on disk: version 6.2.11, or the program that
 * {@code -Dkvpurge.redis=FILE} names.
 */
public final class RedisServer {

	private static final Pattern VERSION = Pattern.compile("redis_version:(\\d+)\\.(\\d+)");

	private static final String BINARY = "/redis-server-6.2.6-v5-linux-amd64";

	private static final int DATABASES = 1000;

	private static final int BUS = 10_000;

	private static final int LOWEST_PORT = 12_000;

	private static final AtomicInteger databases = new AtomicInteger();

	private final Process process;

	private final int port;

	private final RedisClient client;

	private final StatefulRedisConnection<String, String> connection;

	private RedisServer(Process process, int port) {
		this.process = process;
		this.port = port;
		this.client = RedisClient.create(RedisURI.create("localhost", port));
		this.connection = Awaitility.await()
			.atMost(Duration.ofMinutes(3))
			.pollInterval(Duration.ofMillis(20))
			.ignoreExceptionsInstanceOf(RedisException.class)
			.until(this.client::connect, (connected) -> true);
	}

	/** The one for all tests of this process. */
	public static RedisServer shared() {
		return Shared.RUNNING;
	}

	/** A server of one's own, to be stopped. */
	public static RedisServer start(String... options) {
		try {
			Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "redis");
			int port = freePort();
			List<String> command = new ArrayList<>(List.of(binary(folder).toString(), "--port", String.valueOf(port),
					"--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--databases", String.valueOf(DATABASES),
					"--dir", folder.toString()));
			command.addAll(List.of(options));
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(folder.resolve("log").toFile())
				.start();
			Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
			return new RedisServer(process, port);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cannot start Redis", ex);
		}
	}

	/**
	 * A port that is free together with that of a cluster's bus, both below those that
	 * systems give to whoever connects.
	 */
	static int freePort() {
		while (true) {
			int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, LOWEST_PORT + BUS);
			try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
					ServerSocket bus = new ServerSocket(port + BUS, 1, InetAddress.getLoopbackAddress())) {
				return bus.getLocalPort() - BUS;
			}
			catch (IOException ex) {
				// taken: another one
			}
		}
	}

	static Path binary(Path folder) throws IOException {
		String named = System.getProperty("kvpurge.redis");
		if (named != null) {
			return Path.of(named);
		}
		Path binary = folder.resolve("redis-server");
		try (InputStream stream = RedisServer.class.getResourceAsStream(BINARY)) {
			Files.write(binary, stream.readAllBytes());
		}
		if (!binary.toFile().setExecutable(true)) {
			throw new IOException(binary + " cannot be made executable");
		}
		return binary;
	}

	/** The URL of a database with nothing in it. */
	public String newDatabase() {
		return url(1 + databases.getAndIncrement() % (DATABASES - 1));
	}

	public String url(int database) {
		return "redis://127.0.0.1:" + this.port + "/" + database;
	}

	/** Whether a server is of this version or a later one. */
	public static boolean isAtLeast(RedisCommands<String, String> server, int major, int minor) {
		Matcher version = VERSION.matcher(server.info("server"));
		if (!version.find()) {
			throw new IllegalStateException("a server that does not name its version");
		}
		int found = Integer.parseInt(version.group(1));
		return found > major || (found == major && Integer.parseInt(version.group(2)) >= minor);
	}

	/** A connection of one's own to a database. */
	public StatefulRedisConnection<String, String> connect(String url) {
		return this.client.connect(RedisURI.create(url));
	}

	int port() {
		return this.port;
	}

	/** A connection of the test kit, to database 0. */
	RedisCommands<String, String> commands() {
		return this.connection.sync();
	}

	/** Kills the server. */
	public void kill() {
		this.process.destroyForcibly().onExit().join();
	}

	/** Stops the server. */
	public void stop() {
		this.connection.close();
		this.client.shutdown();
		this.process.destroyForcibly().onExit().join();
	}

	/** Holds the server: loaded, and by that started, at its first use. */
	private static final class Shared {

		static final RedisServer RUNNING = start();

	}

}
