package io.kvpurge.bench;

import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;

/**
 * Somebody else who works with the server: 1,000 GETs a second, one after another, each
 * due at a moment of its own. One that is late is late from the moment when it was due,
 * so that a server that stands still is not looked at less often.
 */
final class ForegroundClient implements AutoCloseable {

	private static final long INTERVAL_NANOS = 1_000_000;

	private final RedisClient client;

	private final StatefulRedisConnection<String, String> connection;

	private final Thread thread = new Thread(this::read, "foreground");

	private long[] micros = new long[1 << 16];

	private int count;

	private volatile boolean stopped;

	ForegroundClient(String url) {
		this.client = RedisClient.create(RedisURI.create(url));
		this.connection = this.client.connect();
		this.connection.sync().get("keep:000000099");
		this.thread.start();
	}

	private void read() {
		long due = System.nanoTime();
		while (!this.stopped) {
			while (System.nanoTime() < due) {
				LockSupport.parkNanos(due - System.nanoTime());
			}
			this.connection.sync().get("keep:%09d".formatted(this.count % 1000 * 100 + 99));
			if (this.count == this.micros.length) {
				this.micros = Arrays.copyOf(this.micros, 2 * this.count);
			}
			this.micros[this.count++] = (System.nanoTime() - due) / 1000;
			due += INTERVAL_NANOS;
		}
	}

	/** Ends it, and tells in milliseconds how long its reads took. */
	Latency stop() throws InterruptedException {
		this.stopped = true;
		this.thread.join();
		long[] sorted = Arrays.copyOf(this.micros, this.count);
		Arrays.sort(sorted);
		return new Latency(this.count, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 0.999), at(sorted, 1));
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
