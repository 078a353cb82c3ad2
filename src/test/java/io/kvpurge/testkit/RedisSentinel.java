package io.kvpurge.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import org.awaitility.Awaitility;

/**
 * A real Redis Sentinel that watches a primary and its replica, and asks for a password
 * itself.
 */
public final class RedisSentinel {

	/** What it calls the primary. */
	public static final String PRIMARY = "kvpurge-tests";

	/** What it asks for. */
	public static final String PASSWORD = "sentinels-only";

	private final RedisServer first;

	private final RedisServer second;

	private final Process process;

	private final int port;

	private RedisSentinel() throws IOException {
		this.first = RedisServer.start();
		this.second = RedisServer.start("--replicaof", "127.0.0.1", String.valueOf(this.first.port()),
				"--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0");
		Awaitility.await()
			.atMost(Duration.ofMinutes(3))
			.pollInterval(Duration.ofMillis(20))
			.until(() -> this.second.commands().info("replication").contains("master_link_status:up"));
		Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "sentinel");
		this.port = RedisServer.freePort();
		Path configuration = Files.writeString(folder.resolve("sentinel.conf"), """
				port %d
				bind 127.0.0.1
				requirepass %s
				sentinel monitor %s 127.0.0.1 %d 1
				sentinel down-after-milliseconds %s 500
				sentinel failover-timeout %s 5000
				""".formatted(this.port, PASSWORD, PRIMARY, this.first.port(), PRIMARY, PRIMARY));
		this.process = new ProcessBuilder(RedisServer.binary(folder).toString(), configuration.toString(), "--sentinel")
			.redirectErrorStream(true)
			.redirectOutput(folder.resolve("log").toFile())
			.start();
		Runtime.getRuntime().addShutdownHook(new Thread(this.process::destroyForcibly));
		awaitReplicaSeen();
	}

	/**
	 * It hears of the replica from the primary: before that there is nobody to take its
	 * place.
	 */
	private void awaitReplicaSeen() {
		RedisURI uri = RedisURI.builder()
			.withHost("127.0.0.1")
			.withPort(this.port)
			.withPassword(PASSWORD.toCharArray())
			.build();
		RedisClient client = RedisClient.create();
		try {
			Awaitility.await()
				.atMost(Duration.ofMinutes(3))
				.pollInterval(Duration.ofMillis(50))
				.ignoreExceptions()
				.until(() -> {
					try (StatefulRedisSentinelConnection<String, String> connection = client.connectSentinel(uri)) {
						return connection.sync().replicas(PRIMARY).size() == 1;
					}
				});
		}
		finally {
			client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
		}
	}

	public static RedisSentinel start() {
		try {
			return new RedisSentinel();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cannot start Redis Sentinel", ex);
		}
	}

	/** The URL of a database of whichever server is the primary. */
	public String url(int database) {
		return "redis://127.0.0.1:" + this.port + "/" + database;
	}

	/** Waits until the replica has all that was written. */
	public void replicate() {
		this.first.commands().waitForReplication(1, 10_000);
	}

	/** Kills the primary: the replica takes its place a little later. */
	public void killPrimary() {
		this.first.kill();
	}

	/** Stops all. */
	public void stop() {
		this.process.destroyForcibly().onExit().join();
		this.first.stop();
		this.second.stop();
	}

}
