package io.kvpurge.job;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
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
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import com.sun.management.OperatingSystemMXBean;
import org.awaitility.Awaitility;

import io.kvpurge.broker.BrokerAddress;
import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.definition.Settings;
import io.kvpurge.ledger.PostgresqlAddress;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.resilient.RetrySettings;
import io.kvpurge.testkit.ArtemisServer;
import io.kvpurge.testkit.PostgresqlServer;

/**
 * One run over very many generated keys, with its ledger in PostgreSQL: time, memory and
 * what the ledger takes. Arguments: number of keys, percent that match, ranges, workers
 * of two slots each, which are in this process (0: the ranges are worked on without
 * workers).
 */
public final class ScaleScenario {

	private final long keys;

	private final int percent;

	private final int ranges;

	private final int workers;

	private final Clock clock = Clock.systemUTC();

	private final AtomicLong mostHeap = new AtomicLong();

	private ScaleScenario(String[] args) {
		this.keys = Long.parseLong(args[0]);
		this.percent = Integer.parseInt(args[1]);
		this.ranges = Integer.parseInt(args[2]);
		this.workers = Integer.parseInt(args[3]);
	}

	public static void main(String[] args) throws Exception {
		ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(ScaleScenario::inBackground);
		try (ArtemisServer broker = ArtemisServer.start(Files.createTempDirectory(Path.of("target"), "broker"))) {
			ScaleScenario scenario = new ScaleScenario(args);
			looking.scheduleWithFixedDelay(scenario::lookAtHeap, 100, 100, TimeUnit.MILLISECONDS);
			scenario.measure(Settings.DEFAULT.withBroker(BrokerAddress.of(broker.url(), null, null)));
		}
	}

	/** What goes wrong ends the process. */
	private static Thread inBackground(Runnable work) {
		Thread thread = new Thread(work);
		thread.setDaemon(true);
		return thread;
	}

	private void measure(Settings settings) throws Exception {
		String url = PostgresqlServer.newDatabaseUrl();
		GeneratedStore store = new GeneratedStore(this.keys);
		try (Home home = Home.shared(PostgresqlAddress.of(url, null, null), this.clock)) {
			List<PurgeWorker> working = new ArrayList<>();
			for (int i = 0; i < this.workers; i++) {
				PurgeWorker worker = new PurgeWorker((definition) -> store, RetrySettings.DEFAULT, home, settings,
						origin(i), 2, WorkerListener.NONE, this.clock);
				working.add(worker);
				inBackground(() -> worker.run(null)).start();
			}
			Awaitility.await().until(() -> this.workers == 0 || home.remoteRuns().workers().size() == this.workers);
			long[] before = figures(url);
			double cpu = cpuSeconds();
			long start = System.nanoTime();
			RunReport report = new PurgeJobs((definition) -> store, RetrySettings.DEFAULT, home, settings, origin(9),
					this.clock)
				.run(new RunRequest(new DefinitionReader().read(definition(), "scale").bind(Map.of()), RunMode.PURGE,
						false), RunListener.NONE);
			double seconds = (System.nanoTime() - start) / 1e9;
			cpu = cpuSeconds() - cpu;
			if (report.counts().listed() != this.keys || report.counts().deleted() != store.deleted()) {
				throw new IllegalStateException(report.toText());
			}
			show(report, store, seconds, cpu, before, figures(url));
			working.forEach((worker) -> worker.requestStop("measured"));
		}
	}

	private void show(RunReport report, GeneratedStore store, double seconds, double cpu, long[] before, long[] after) {
		System.out.printf("java %s, heap %d MB, %,d keys, %d %% match, %d ranges, %d workers%n",
				System.getProperty("java.version"), Runtime.getRuntime().maxMemory() >> 20, this.keys, this.percent,
				this.ranges, this.workers);
		System.out.printf("%.0f s, %,.0f keys/s, %.0f s of processor time here, at most %d MB left in use%n", seconds,
				this.keys / seconds, cpu, this.mostHeap.get() >> 20);
		System.out.printf("%,d calls, %,d deleted; ledger %,d kB, job repository %,d kB, WAL %,d kB, %,d commits%n",
				store.calls(), report.counts().deleted(), (after[1] - before[1]) >> 10, (after[2] - before[2]) >> 10,
				(after[3] - before[3]) >> 10, after[0] - before[0]);
	}

	private String definition() {
		return """
				version: 1
				name: scale
				store: {type: memory, name: unused}
				select: {prefixes: ["key/"], where: metadata.n %% 100 < %d}
				partitions: %d
				partitions-on: %s
				limits: {max-fraction: 1}
				""".formatted(this.percent, this.ranges, (this.workers > 0) ? "workers" : "process");
	}

	/** What the last collection left in each pool. */
	private void lookAtHeap() {
		long used = 0;
		for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
			MemoryUsage left = pool.getCollectionUsage();
			used += (left != null) ? left.getUsed() : 0;
		}
		this.mostHeap.accumulateAndGet(used, Math::max);
	}

	private static double cpuSeconds() {
		return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e9;
	}

	/** Commits so far, bytes of the ledger, of the job repository, and of the log. */
	private static long[] figures(String url) throws SQLException, InterruptedException {
		// The server counts commits when a session has been idle for a moment.
		TimeUnit.MILLISECONDS.sleep(Duration.ofSeconds(2).toMillis());
		try (Connection connection = DriverManager.getConnection(url);
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("""
						select (select xact_commit from pg_stat_database where datname = current_database()),
							(select sum(pg_total_relation_size(oid)) from pg_class
								where relkind = 'r' and relname like 'purge%'),
							(select sum(pg_total_relation_size(oid)) from pg_class
								where relkind = 'r' and relname like 'batch%'),
							pg_current_wal_lsn() - '0/0'::pg_lsn""")) {
			row.next();
			return new long[] { row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4) };
		}
	}

	private static RunOrigin origin(int number) {
		return new RunOrigin("bench", "host" + number, number, "bench");
	}

}
