package io.kvpurge.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import org.awaitility.Awaitility;

/**
 * A real Redis server that has what it answered on the disk, and may be killed and
 * started again.
 */
public final class DurableRedisServer implements AutoCloseable {

	private final Path folder;

	private final Path binary;

	private final List<String> options;

	private final int port;

	private final RedisClient client;

	private Process process;

	private DurableRedisServer(Path folder, Path binary, int port, List<String> options) throws IOException {
		this.folder = folder;
		this.binary = binary;
		this.port = port;
		this.options = options;
		this.client = RedisClient.create(RedisURI.create(url()));
		this.client.setOptions(ClientOptions.builder().autoReconnect(false).build());
		this.process = launch();
		awaitReady();
	}

	/**
	 * Starts one in a new folder of the build's.
	 * @param options as its command line takes them
	 */
	public static DurableRedisServer start(String... options) {
		try {
			Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "redis");
			return new DurableRedisServer(folder, RedisServer.binary(folder), RedisServer.freePort(), List.of(options));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cannot start Redis", ex);
		}
	}

	private Process launch() throws IOException {
		List<String> command = new ArrayList<>(List.of(this.binary.toString(), "--port", String.valueOf(this.port),
				"--bind", "127.0.0.1", "--save", "", "--appendonly", "yes", "--appendfsync", "always",
				"--auto-aof-rewrite-percentage", "0", "--dir", this.folder.toString()));
		command.addAll(this.options);
		Process launched = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(this.folder.resolve("log").toFile()))
			.start();
		Runtime.getRuntime().addShutdownHook(new Thread(launched::destroyForcibly));
		return launched;
	}

	private void awaitReady() {
		Awaitility.await()
			.atMost(Duration.ofMinutes(3))
			.pollInterval(Duration.ofMillis(10))
			.ignoreExceptionsInstanceOf(RedisException.class)
			.until(() -> {
				try (var connection = connect()) {
					return connection.sync().ping().equals("PONG");
				}
			});
	}

	/** Kills it: SIGKILL. What it has not answered may be done or not. */
	public void kill() {
		this.process.destroyForcibly().onExit().join();
	}

	/** Starts it again, with what is on the disk, and waits until it answers. */
	public void startAgain() {
		try {
			this.process = launch();
			awaitReady();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cannot start Redis", ex);
		}
	}

	public int port() {
		return this.port;
	}

	/** The URL of its first database. */
	public String url() {
		return "redis://127.0.0.1:" + this.port + "/0";
	}

	/** A connection of one's own. */
	public StatefulRedisConnection<String, String> connect() {
		return this.client.connect();
	}

	/** Every change since its first start, in order. */
	public List<List<String>> changes() {
		try (Stream<Path> files = Files.walk(this.folder)) {
			List<List<String>> changes = new ArrayList<>();
			for (Path file : files.filter((each) -> each.toString().endsWith(".aof")).sorted().toList()) {
				changes.addAll(AppendOnlyFile.read(Files.readAllBytes(file)));
			}
			return changes;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
		kill();
		try (Stream<Path> files = Files.walk(this.folder)) {
			files.sorted(Comparator.reverseOrder()).forEach((file) -> file.toFile().delete());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
