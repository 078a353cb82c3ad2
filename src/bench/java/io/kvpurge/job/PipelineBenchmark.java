package io.kvpurge.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.springframework.util.FileSystemUtils;

import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.definition.Settings;
import io.kvpurge.filter.EntryFilter;
import io.kvpurge.filter.Verdict;
import io.kvpurge.ledger.LedgerDatabase;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.store.resilient.RetrySettings;

/**
 * The job, with its ledger in an H2 file that loses nothing, against a bare loop over the
 * same store with the same rule: no Spring Batch, no ledger, no resume. Both in one JVM,
 * in turns. Arguments: number of keys, number of measured rounds.
 */
public final class PipelineBenchmark {

	/** The limits of a page and of a bulk delete at Cloudflare. */
	private static final StoreCapabilities CAPABILITIES = StoreCapabilities.of(1000, 10_000, StoreCapability.values());

	private static final int WARM_UP_ROUNDS = 2;

	private final int keys;

	private final int rounds;

	private PipelineBenchmark(int keys, int rounds) {
		this.keys = keys;
		this.rounds = rounds;
	}

	public static void main(String[] args) throws IOException {
		int keys = (args.length > 0) ? Integer.parseInt(args[0]) : 1_000_000;
		int rounds = (args.length > 1) ? Integer.parseInt(args[1]) : 5;
		System.out.printf("java %s, %d cores, heap %d MB, %,d keys, %d rounds after %d to warm up%n",
				System.getProperty("java.version"), Runtime.getRuntime().availableProcessors(),
				Runtime.getRuntime().maxMemory() >> 20, keys, rounds, WARM_UP_ROUNDS);
		System.out.printf("%8s %6s | %12s %12s %12s | %6s %6s%n", "matching", "ranges", "bare loop", "purge step",
				"whole run", "step", "run");
		for (int ranges : new int[] { 1, 2 }) {
			for (int percent : new int[] { 0, 10, 100 }) {
				new PipelineBenchmark(keys, rounds).measure(percent, ranges);
			}
		}
	}

	/** Keys per second, medians over the rounds, and their ratios to the bare loop. */
	private void measure(int percent, int ranges) throws IOException {
		BoundDefinition definition = new DefinitionReader().read("""
				version: 1
				name: bench
				store: {type: memory, name: unused}
				select: {prefixes: ["key/"], where: metadata.n %% 100 < %d}
				partitions: %d
				limits: {max-fraction: 1}
				""".formatted(percent, ranges), "bench").bind(Map.of());
		double[] bare = new double[this.rounds];
		double[] step = new double[this.rounds];
		double[] run = new double[this.rounds];
		for (int round = -WARM_UP_ROUNDS; round < this.rounds; round++) {
			double bareSeconds = bareLoop(filled(), definition, ranges);
			double[] seconds = job(filled(), definition);
			if (round >= 0) {
				bare[round] = this.keys / bareSeconds;
				step[round] = this.keys / seconds[0];
				run[round] = this.keys / seconds[1];
			}
		}
		System.out.printf("%7d%% %6d | %,10.0f/s %,10.0f/s %,10.0f/s | %6.2f %6.2f%n", percent, ranges, median(bare),
				median(step), median(run), median(step) / median(bare), median(run) / median(bare));
		System.out.printf("                 raw: bare %s step %s run %s%n", text(bare), text(step), text(run));
	}

	private MemoryStore filled() {
		MemoryStore store = new MemoryStore("bench", Clock.systemUTC(), CAPABILITIES);
		for (int i = 0; i < this.keys; i++) {
			store.write(List.of(new KeyValue(Key.of("key/%09d".formatted(i)), null,
					Metadata.of(Map.of("n", (long) i, "build", "v" + i % 7)), null)));
		}
		return store;
	}

	private double bareLoop(MemoryStore store, BoundDefinition definition, int ranges) {
		EntryFilter filter = definition.filter(Instant.EPOCH, List.of());
		List<KeyRange> split = store.split(definition.prefixes(), ranges);
		long start = System.nanoTime();
		CompletableFuture
			.allOf(split.stream()
				.map((range) -> CompletableFuture.runAsync(() -> bareLoop(store, filter, range)))
				.toArray(CompletableFuture[]::new))
			.join();
		return (System.nanoTime() - start) / 1e9;
	}

	private static void bareLoop(MemoryStore store, EntryFilter filter, KeyRange range) {
		List<KeyEntry> batch = new ArrayList<>();
		ListingPosition position = ListingPosition.START;
		while (position != null) {
			KeyPage page = store.list(range, position, CAPABILITIES.pageLimit());
			for (KeyEntry entry : page.entries()) {
				if (filter.decide(entry).verdict() == Verdict.MATCHED) {
					batch.add(entry);
					if (batch.size() == CAPABILITIES.bulkLimit()) {
						store.delete(batch);
						batch.clear();
					}
				}
			}
			position = (page.next() != null) ? ListingPosition.at(page.next()) : null;
		}
		store.delete(batch);
	}

	/**
	 * The seconds of the step "purge", and of everything from opening to closing the
	 * ledger.
	 */
	private double[] job(MemoryStore store, BoundDefinition definition) throws IOException {
		Path folder = Files.createTempDirectory("kvpurge-bench");
		try {
			Home home = Home.inFolder(folder, Clock.systemUTC());
			PurgeJobs jobs = new PurgeJobs((unused) -> store, RetrySettings.DEFAULT, home, Settings.DEFAULT,
					new RunOrigin("bench", "localhost", 1, "bench"), Clock.systemUTC());
			long start = System.nanoTime();
			RunReport report = jobs.run(new RunRequest(definition, RunMode.PURGE, false), RunListener.NONE);
			double whole = (System.nanoTime() - start) / 1e9;
			if (report.counts().listed() != this.keys || report.run().seal() == null) {
				throw new IllegalStateException(report.toText());
			}
			return new double[] { stepSeconds(home), whole };
		}
		finally {
			FileSystemUtils.deleteRecursively(folder);
		}
	}

	/** How long the step "purge" took in the one run of a home. */
	static double stepSeconds(Home home) {
		try (LedgerDatabase database = home.definition("bench").read()) {
			List<Double> seconds = new org.springframework.jdbc.core.JdbcTemplate(database.dataSource()).query(
					"select start_time, end_time from batch_step_execution where step_name = 'purge'",
					(row, index) -> java.time.Duration
						.between(row.getObject(1, LocalDateTime.class).toInstant(ZoneOffset.UTC),
								row.getObject(2, LocalDateTime.class).toInstant(ZoneOffset.UTC))
						.toNanos() / 1e9);
			return seconds.get(0);
		}
	}

	private static double median(double[] values) {
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		return sorted[sorted.length / 2];
	}

	private static String text(double[] values) {
		return Arrays.stream(values).mapToObj("%,.0f"::formatted).toList().toString();
	}

}
