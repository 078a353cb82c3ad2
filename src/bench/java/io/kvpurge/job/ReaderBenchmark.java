package io.kvpurge.job;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

import io.kvpurge.store.Cursor;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyLister;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;

/**
 * 100 pages of 1,000 entries fetched ahead and turned, no store behind them; time for
 * each entry.
 */
@State(Scope.Benchmark)
public class ReaderBenchmark {

	private static final int PAGE = 1_000;

	private static final int PAGES = 100;

	private final List<List<KeyEntry>> pages = new ArrayList<>();

	private ExecutorService prefetcher;

	private final KeyLister lister = new KeyLister() {

		@Override
		public List<KeyRange> split(List<Key> prefixes, int wanted) {
			throw new UnsupportedOperationException();
		}

		@Override
		public KeyPage list(KeyRange range, ListingPosition from, int limit) {
			int page = (from.cursor() != null) ? Integer.parseInt(from.cursor().value()) : 0;
			return new KeyPage(ReaderBenchmark.this.pages.get(page),
					(page + 1 < PAGES) ? new Cursor(String.valueOf(page + 1)) : null);
		}

	};

	@Setup
	public void fill() {
		for (int page = 0; page < PAGES; page++) {
			int first = page * PAGE;
			this.pages.add(IntStream.range(first, first + PAGE)
				.mapToObj((i) -> KeyEntry.of(Key.of("key/%09d".formatted(i))))
				.toList());
		}
		this.prefetcher = Executors.newSingleThreadExecutor();
	}

	@Benchmark
	@OperationsPerInvocation(PAGE * PAGES)
	public void turn(Blackhole hole) {
		PageBudget budget = new PageBudget(StoreCapabilities.of(PAGE, 10_000, StoreCapability.values()), 1);
		PageFetcher fetcher = new PageFetcher(this.lister, KeyRange.of(Key.of("key/")), budget, true, this.prefetcher,
				new StopSignal(), Clock.systemUTC());
		ListedPage page = fetcher.first(ListingPosition.START);
		while (page != null) {
			page.entries().forEach(hole::consume);
			Cursor next = page.page().next();
			page = (next != null) ? fetcher.next(page, next) : null;
		}
		fetcher.giveUp();
	}

	@TearDown
	public void stop() {
		this.prefetcher.shutdown();
	}

}
