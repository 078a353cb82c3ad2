package io.kvpurge.job;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.ledger.RunTotals;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.testkit.FaultyKeyValueStore;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many ranges at once over a store that fails at random, while somebody else rewrites and
 * adds keys; launched again until it is done. More seeds: {@code -Dkvpurge.seeds=1000}.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ConcurrencyTests {

	private static final int KEYS = 6000;

	private static final int RANGES = 64;

	private static final int MOST_LAUNCHES = 60;

	private static final double FAULTS = 0.1;

	@TempDir
	private Path folder;

	static LongStream seeds() {
		return LongStream.rangeClosed(1, Long.getLong("kvpurge.seeds", 6));
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void eachMatchingKeyGoesExactlyOnceAndNoOtherIsTouched(long seed) {
		check(seed, StoreCapabilities.of(20, 15, StoreCapability.values()));
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void neitherWhereTheStoreCanDoLittle(long seed) {
		check(seed, StoreCapabilities.of(20, 15, StoreCapability.METADATA_IN_LISTING, StoreCapability.SPLITTABLE,
				StoreCapability.RESUMABLE));
	}

	private void check(long seed, StoreCapabilities capabilities) {
		MemoryStore store = new MemoryStore("seed-" + seed, Clock.systemUTC(), capabilities);
		store.write(PurgeTester.entries(KEYS));
		Predicate<Key> refused = (key) -> key.text().endsWith("0900");
		FaultyKeyValueStore faulty = new FaultyKeyValueStore(store, seed, FAULTS, refused);
		Neighbour neighbour = new Neighbour(store);
		List<RunTotals> progress = new ArrayList<>();
		PurgeTester tester = new PurgeTester(this.folder);
		CompletableFuture<Void> rewriting = CompletableFuture.runAsync(neighbour);
		RunReport report = launchUntilDone(tester, faulty, progress, neighbour.begun);
		rewriting.join();
		assertThat(report.run().state()).as("seed " + seed + ": " + report.errors()).isEqualTo(RunState.COMPLETED);

		Set<Key> untouched = new TreeSet<>(PurgeTester.going(KEYS));
		untouched.removeAll(neighbour.rewritten());
		untouched.removeIf(refused);
		Map<Key, Integer> deleted = faulty.deleted();
		assertThat(untouched).as("seed " + seed).allMatch((key) -> deleted.getOrDefault(key, 0) == 1);
		Set<Key> stays = new TreeSet<>(PurgeTester.staying(KEYS));
		stays.addAll(neighbour.rewritten());
		stays.addAll(neighbour.added());
		PurgeTester.going(KEYS).stream().filter(refused).forEach(stays::add);
		if (capabilities.can(StoreCapability.CONDITIONAL_DELETE)) {
			assertThat(store.snapshot().keySet()).as("seed " + seed).isEqualTo(stays);
		}
		else {
			assertThat(stays).as("seed " + seed).containsAll(store.snapshot().keySet());
			stays.removeAll(neighbour.rewritten());
			assertThat(store.snapshot().keySet()).as("seed " + seed).containsAll(stays);
		}
		assertLedgerAgrees(tester, report, untouched, refused);
		assertNeverFalls(progress);
	}

	private static RunReport launchUntilDone(PurgeTester tester, FaultyKeyValueStore store, List<RunTotals> progress,
			AtomicBoolean begin) {
		RunListener listener = new RunListener() {
			@Override
			public void onProgress(RunTotals totals) {
				progress.add(totals);
			}
		};
		begin.set(true);
		RunReport report = null;
		for (int launch = 1; launch <= MOST_LAUNCHES; launch++) {
			report = tester.run(tester.jobs(store), PurgeTester.everyThird(RANGES), RunMode.PURGE, false, listener);
			assertThat(report.run().attempts()).isEqualTo(launch);
			assertThat(report.totals().ranges()).isEqualTo(RANGES);
			if (report.run().state() == RunState.COMPLETED) {
				break;
			}
			assertThat(report.errors()).isNotEmpty().allMatch((line) -> line.matches("range-.*: (busy|no answer)"));
		}
		return report;
	}

	private static void assertLedgerAgrees(PurgeTester tester, RunReport report, Set<Key> untouched,
			Predicate<Key> refused) {
		Map<Outcome, Long> outcomes = new HashMap<>();
		Map<Key, List<Outcome>> ledger = tester.outcomes(report.run().id());
		ledger.values().forEach((all) -> all.forEach((outcome) -> outcomes.merge(outcome, 1L, Long::sum)));
		for (Key key : untouched) {
			assertThat(ledger.get(key)).as(key.text())
				.filteredOn((outcome) -> outcome == Outcome.DELETED || outcome == Outcome.INFERRED)
				.hasSize(1);
		}
		assertThat(ledger.keySet()).allMatch(new TreeSet<>(PurgeTester.going(KEYS))::contains);
		EntryCounts counts = report.counts();
		assertThat(counts.judgedBalance() && counts.deletedBalance()).as(counts.toString()).isTrue();
		assertThat(counts.deleted())
			.isEqualTo(outcomes.getOrDefault(Outcome.DELETED, 0L) + outcomes.getOrDefault(Outcome.INFERRED, 0L));
		assertThat(counts.vanished()).isEqualTo(outcomes.getOrDefault(Outcome.VANISHED, 0L));
		assertThat(counts.refused()).isEqualTo(PurgeTester.going(KEYS).stream().filter(refused).count());
		assertThat(tester.ledger((found) -> found.verify(report.run().id())).problem()).isNull();
	}

	private static void assertNeverFalls(List<RunTotals> progress) {
		assertThat(progress).isNotEmpty();
		EntryCounts before = EntryCounts.ZERO;
		int done = 0;
		for (RunTotals totals : progress) {
			EntryCounts now = totals.counts();
			assertThat(now.listed()).isGreaterThanOrEqualTo(before.listed());
			assertThat(now.matched()).isGreaterThanOrEqualTo(before.matched());
			assertThat(now.deleted()).isGreaterThanOrEqualTo(before.deleted());
			assertThat(totals.rangesDone()).isGreaterThanOrEqualTo(done);
			before = now;
			done = totals.rangesDone();
		}
	}

	/** Somebody who uses the store meanwhile. */
	private static final class Neighbour implements Runnable {

		private final MemoryStore store;

		private final AtomicBoolean begun = new AtomicBoolean();

		Neighbour(MemoryStore store) {
			this.store = store;
		}

		/** Keys that match, and are made to match no more. */
		Set<Key> rewritten() {
			Set<Key> keys = new TreeSet<>();
			for (int n = 0; n < KEYS; n += 33) {
				keys.add(PurgeTester.entry(n).key());
			}
			return keys;
		}

		Set<Key> added() {
			Set<Key> keys = new TreeSet<>();
			rewritten().forEach((key) -> keys.add(Key.of(key.text() + "/new")));
			return keys;
		}

		@Override
		public void run() {
			while (!this.begun.get()) {
				Thread.onSpinWait();
			}
			Metadata unmatched = Metadata.of(Map.of("n", 1L));
			for (Key key : rewritten()) {
				this.store.write(List.of(new KeyValue(key, null, unmatched, null),
						new KeyValue(Key.of(key.text() + "/new"), null, unmatched, null)));
				Thread.yield();
			}
		}

	}

}
