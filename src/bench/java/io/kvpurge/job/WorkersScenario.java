package io.kvpurge.job;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;

import io.kvpurge.broker.BrokerAddress;
import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.definition.Settings;
import io.kvpurge.ledger.PostgresqlAddress;
import io.kvpurge.ledger.RangeProgress;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.store.resilient.RetrySettings;
import io.kvpurge.testkit.ArtemisServer;
import io.kvpurge.testkit.ForwardingKeyValueStore;
import io.kvpurge.testkit.PostgresqlServer;

/**
 * One run with 1, 2 and 4 workers against a store whose every call takes 50 ms: how long
 * it takes from the first range to the last, and what it writes into a ledger in
 * PostgreSQL. Keys are UUIDs, which hardly can be packed. The workers are in one process; they wait far more than they work.
 * Arguments: number of keys, entries of a page, percent that match, milliseconds of a
 * call, requests per second for a last measurement with a limit (0 for none).
 */
public final class WorkersScenario {

	private static final int SLOTS = 2;

	private static final int RANGES = 64;

	private final int keys;

	private final int page;

	private final int percent;

	private final long millis;

	private final Settings settings;

	private final Clock clock = Clock.systemUTC();

	private final AtomicInteger calls = new AtomicInteger();

	private WorkersScenario(int[] numbers, String broker) {
		this.keys = numbers[0];
		this.page = numbers[1];
		this.percent = numbers[2];
		this.millis = numbers[3];
		this.settings = Settings.DEFAULT.withBroker(BrokerAddress.of(broker, null, null));
	}

	public static void main(String[] args) throws Exception {
		int[] numbers = { 300_000, 100, 10, 50, 100 };
		for (int i = 0; i < args.length; i++) {
			numbers[i] = Integer.parseInt(args[i]);
		}
		System.out.printf("java %s, %,d keys, %d ranges, pages of %d, %d %% match, %d ms a call, %d slots a worker%n",
				System.getProperty("java.version"), numbers[0], RANGES, numbers[1], numbers[2], numbers[3], SLOTS);
		try (ArtemisServer broker = ArtemisServer.start(Files.createTempDirectory(Path.of("target"), "broker"))) {
			WorkersScenario scenario = new WorkersScenario(numbers, broker.url());
			System.out.printf("%7s | %7s %9s %8s %9s | %8s %9s %9s%n", "workers", "work", "keys/s", "linear",
					"requests/s", "commits", "ledger kB", "WAL kB");
			scenario.measure(4, 0, 0);
			double one = scenario.measure(1, 0, 0);
			scenario.measure(2, 0, one);
			scenario.measure(4, 0, one);
			if (numbers[4] > 0) {
				System.out.println("with limits.requests: " + numbers[4] + " per 1s");
				scenario.measure(4, numbers[4], 0);
			}
		}
		System.exit(0);
	}

	/** The first is to warm up: its figures are those of cold code. */
	private double measure(int workers, int perSecond, double alone) throws Exception {
		String url = PostgresqlServer.newDatabaseUrl();
		this.calls.set(0);
		List<Long> times = new CopyOnWriteArrayList<>();
		KeyValueStore store = slow(filled());
		try (Home home = Home.shared(PostgresqlAddress.of(url, null, null), this.clock)) {
			List<PurgeWorker> working = new ArrayList<>();
			List<Thread> threads = new ArrayList<>();
			for (int i = 0; i < workers; i++) {
				PurgeWorker worker = new PurgeWorker((definition) -> store, RetrySettings.DEFAULT, home, this.settings,
						origin(i), SLOTS, new Timing(times), this.clock);
				working.add(worker);
				Thread thread = new Thread(() -> worker.run(null), "worker");
				thread.start();
				threads.add(thread);
			}
			Awaitility.await().until(() -> home.remoteRuns().workers().size() == workers);
			long[] before = figures(url);
			RunReport report = new PurgeJobs((definition) -> store, RetrySettings.DEFAULT, home, this.settings,
					origin(9), this.clock)
				.run(new RunRequest(new DefinitionReader().read(definition(perSecond), "bench").bind(Map.of()),
						RunMode.PURGE, false), RunListener.NONE);
			if (!report.reason().equals("done")) {
				throw new IllegalStateException(report.reason());
			}
			long[] after = figures(url);
			working.forEach((worker) -> worker.requestStop("measured"));
			for (Thread thread : threads) {
				thread.join();
			}
			double seconds = (times.get(times.size() - 1) - times.get(0)) / 1e9;
			System.out.printf("%7d | %6.1fs %,9d %8s %9.1f | %,8d %,9d %,9d%n", workers, seconds,
					Math.round(this.keys / seconds),
					(alone > 0) ? "%.2f".formatted(alone / workers / seconds) : "", this.calls.get() / seconds,
					after[0] - before[0], (after[1] - before[1]) >> 10, (after[2] - before[2]) >> 10);
			return seconds;
		}
	}

	private String definition(int perSecond) {
		return """
				version: 1
				name: bench
				store: {type: memory, name: unused}
				select: {prefixes: ["key/"], where: metadata.n %% 100 < %d}
				partitions: %d
				partitions-on: workers
				limits: {max-fraction: 1%s}
				""".formatted(this.percent, RANGES,
				(perSecond > 0) ? ", requests: " + perSecond * 60 + " per 1m" : "");
	}

	private MemoryStore filled() {
		MemoryStore store = new MemoryStore("bench", this.clock,
				StoreCapabilities.of(this.page, 10_000, StoreCapability.values()));
		Random random = new Random(1);
		store.write(IntStream.range(0, this.keys)
			.mapToObj((i) -> new KeyValue(Key.of("key/" + new UUID(random.nextLong(), random.nextLong())), null,
					Metadata.of(Map.of("n", (long) i)), null))
			.toList());
		return store;
	}

	private KeyValueStore slow(MemoryStore store) {
		return new ForwardingKeyValueStore(store) {
			@Override
			public KeyPage list(KeyRange range, ListingPosition from, int limit) {
				take();
				return super.list(range, from, limit);
			}

			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				take();
				return super.delete(entries);
			}
		};
	}

	private void take() {
		this.calls.incrementAndGet();
		LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(this.millis));
	}

	/** Commits so far, bytes of the ledger's tables, bytes of the write-ahead log. */
	private static long[] figures(String url) throws SQLException, InterruptedException {
		// The server counts commits when a session has been idle for a moment.
		TimeUnit.MILLISECONDS.sleep(Duration.ofSeconds(2).toMillis());
		try (Connection connection = DriverManager.getConnection(url);
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("""
						select (select xact_commit from pg_stat_database where datname = current_database()),
							pg_total_relation_size('purge_call') + pg_total_relation_size('purge_range'),
							pg_current_wal_lsn() - '0/0'::pg_lsn""")) {
			row.next();
			return new long[] { row.getLong(1), row.getLong(2), row.getLong(3) };
		}
	}

	private static RunOrigin origin(int number) {
		return new RunOrigin("bench", "host" + number, number, "bench");
	}

	/** When ranges began and ended. */
	private record Timing(List<Long> times) implements WorkerListener {

		@Override
		public void onRange(RunId run, String range) {
			this.times.add(System.nanoTime());
		}

		@Override
		public void onRangeEnd(RunId run, String range, String how, RangeProgress progress) {
			this.times.add(System.nanoTime());
		}

	}

}
