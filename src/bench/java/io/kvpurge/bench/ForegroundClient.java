package io.kvpurge.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;

/**
 * Somebody else who works with the server: 1,000 GETs a second, each sent at a moment of
 * its own, whether or not those before it are answered, as many clients would. What is
 * measured is the time from that moment to the answer.
 */
final class ForegroundClient implements AutoCloseable {

	private static final long INTERVAL_NANOS = 1_000_000;

	private final RedisClient client;

	private final StatefulRedisConnection<String, String> connection;

	private final Thread thread = new Thread(this::read, "foreground");

	private final List<RedisFuture<String>> sent = new ArrayList<>();

	/** In microseconds; written by the one thread that answers come in. */
	private final List<Long> times = new ArrayList<>();

	private volatile boolean stopped;

	ForegroundClient(String url) {
		this.client = RedisClient.create(RedisURI.create(url));
		this.connection = this.client.connect();
		this.connection.sync().get("keep:000000099");
		this.thread.start();
	}

	private void read() {
		long start = System.nanoTime();
		while (!this.stopped) {
			long due = start + this.sent.size() * INTERVAL_NANOS;
			while (System.nanoTime() < due) {
				LockSupport.parkNanos(due - System.nanoTime());
			}
			RedisFuture<String> answer = this.connection.async()
				.get("keep:%09d".formatted(this.sent.size() % 1000 * 100 + 99));
			answer.thenRun(() -> this.times.add((System.nanoTime() - due) / 1000));
			this.sent.add(answer);
		}
	}

	/** Ends it, and tells in milliseconds how long its reads took. */
	Latency stop() throws InterruptedException {
		this.stopped = true;
		this.thread.join();
		if (!LettuceFutures.awaitAll(Duration.ofMinutes(1), this.sent.toArray(RedisFuture[]::new))) {
			throw new IllegalStateException("the server does not answer");
		}
		// Behind the last answer in the thread that all of them come in.
		this.connection.sync().ping();
		long[] sorted = this.times.stream().mapToLong(Long::longValue).sorted().toArray();
		return new Latency(sorted.length, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 0.999), at(sorted, 1));
	}

	private static double at(long[] sorted, double part) {
		return (sorted.length > 0) ? sorted[(int) Math.min(sorted.length - 1, part * sorted.length)] / 1e3 : Double.NaN;
	}

	@Override
	public void close() {
		this.connection.close();
		this.client.shutdown();
	}

	/** Milliseconds of so many reads. */
	record Latency(int reads, double median, double p99, double p999, double most) {

		@Override
		public String toString() {
			return "%,7d reads | %8.2f %8.2f %8.2f %8.2f".formatted(this.reads, this.median, this.p99, this.p999,
					this.most);
		}

	}

}
