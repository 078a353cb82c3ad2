package io.kvpurge.job;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.KeyOutcome;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.ledger.RunTotals;
import io.kvpurge.report.ExitCode;
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
import io.kvpurge.testkit.FaultyKeyValueStore;
import io.kvpurge.testkit.FaultyKeyValueStore.Answer;
import io.kvpurge.testkit.FaultyKeyValueStore.Faults;
import io.kvpurge.testkit.ForwardingKeyValueStore;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One run of 64 ranges, launched until it is completed, on a store that fails by chance
 * while another thread rewrites entries and adds new ones. What must be so at the end is
 * worked out here, from what was written and from what the store was really asked to do.
 */
final class ConcurrencyTrial {

	private static final int KEYS = 6000;

	private static final int RANGES = 64;

	private static final int MOST_LAUNCHES = 40;

	private static final int REFUSED = 99;

	/** Matching keys that nobody rewrites and the store does not refuse. */
	private static final Set<Key> UNTOUCHED = keys((n) -> n % 3 == 0 && n % 5 != 0 && n % REFUSED != 0);

	/** Matching keys that are rewritten some time after they were listed. */
	private static final Set<Key> CONTESTED = keys((n) -> n % 15 == 0 && n % REFUSED != 0);

	/**
	 * Those of the contested keys that are rewritten before their listing is looked at.
	 */
	private static final Set<Key> AT_ONCE = keys((n) -> n % 300 == 0 && n % REFUSED != 0);

	private static final Set<Key> NEVER_DELETED = keys((n) -> n % REFUSED == 0);

	private static final Set<Key> UNMATCHED = keys((n) -> n % 3 != 0);

	private static final Faults FAULTS = new Faults(0.25, 0.3, 0.2, 0.1, 0.15, 0.3, NEVER_DELETED::contains);

	private final String name;

	private final PurgeTester tester;

	private final MemoryStore store;

	private final FaultyKeyValueStore faulty;

	private final OtherWriter writer;

	private final List<RunTotals> progress = Collections.synchronizedList(new ArrayList<>());

	private @Nullable RunReport report;

	ConcurrencyTrial(Path home, long seed, StoreCapability... abilities) {
		this(new PurgeTester(home), seed, abilities);
	}

	ConcurrencyTrial(PurgeTester tester, long seed, StoreCapability... abilities) {
		this.name = "seed " + seed;
		this.tester = tester;
		this.store = new MemoryStore("trial", Clock.systemUTC(), StoreCapabilities.of(20, 15, abilities));
		this.store.write(PurgeTester.entries(KEYS));
		this.faulty = new FaultyKeyValueStore(this.store, FAULTS, seed);
		this.writer = new OtherWriter(this.store, new Random(seed));
	}

	/** Launches the same definition again and again until its run is completed. */
	void runToItsEnd() {
		this.writer.start();
		runAlone();
	}

	/** As {@link #runToItsEnd}, with nobody else writing. */
	void runAlone() {
		ForwardingKeyValueStore watched = new ForwardingKeyValueStore(this.faulty) {
			@Override
			public KeyPage list(KeyRange range, ListingPosition from, int limit) {
				KeyPage page = super.list(range, from, limit);
				page.entries().stream().map(KeyEntry::key).forEach(ConcurrencyTrial.this.writer::sees);
				return page;
			}
		};
		try {
			for (int launch = 1; launch <= MOST_LAUNCHES; launch++) {
				this.report = this.tester.run(this.tester.jobs(watched), PurgeTester.everyThird(RANGES), RunMode.PURGE,
						false, new ProgressWatch());
				this.progress.add(report().totals());
				assertThat(report().run().attempts()).as(this.name).isEqualTo(launch);
				if (report().run().state() == RunState.COMPLETED) {
					break;
				}
			}
		}
		finally {
			this.writer.end();
		}
		assertThat(report().run().state()).as("%s: %s", this.name, report().errors()).isEqualTo(RunState.COMPLETED);
	}

	void assertEveryPromise() {
		assertOnlyTheRightKeysAreGone();
		assertTheLedgerNamesEachKeyOnce();
		assertTheNumbersAgree();
		assertProgressNeverFalls();
		assertThat(this.tester.ledger((ledger) -> ledger.verify(report().run().id())).problem()).as(this.name).isNull();
	}

	/** For a trial in which nobody else writes. */
	void assertEveryEntryIsCountedOnce() {
		assertThat(this.writer.rewritten()).isEmpty();
		int going = UNTOUCHED.size() + CONTESTED.size();
		assertThat(report().counts()).as(this.name)
			.isEqualTo(new EntryCounts(KEYS, UNMATCHED.size(), 0, 0, going + NEVER_DELETED.size(), going, 0, 0,
					NEVER_DELETED.size()));
	}

	/** For a store that compares before it deletes. */
	void assertRewrittenKeysLive() {
		assertThat(this.writer.rewritten()).as("%s: rewritten keys", this.name).containsAll(AT_ONCE);
		assertThat(this.store.snapshot().keySet()).as("%s: rewritten keys live", this.name)
			.containsAll(this.writer.rewritten());
		assertThat(this.faulty.answers().values()).as("%s: the race was run", this.name)
			.anyMatch((answers) -> answers.contains(Answer.SPARED));
	}

	private void assertOnlyTheRightKeysAreGone() {
		Set<Key> there = this.store.snapshot().keySet();
		assertThat(there).as("%s: what does not match stays", this.name)
			.containsAll(UNMATCHED)
			.containsAll(NEVER_DELETED)
			.containsAll(this.writer.added());
		assertThat(there).as("%s: what matches goes", this.name).doesNotContainAnyElementsOf(UNTOUCHED);
		Set<Key> askedFor = new HashSet<>(this.faulty.answers().keySet());
		askedFor.removeAll(CONTESTED);
		assertThat(askedFor).as("%s: nothing else was asked for", this.name).isEqualTo(UNTOUCHED);
		this.faulty.answers().forEach((key, answers) -> {
			long deleted = answers.stream().filter((answer) -> answer == Answer.DELETED).count();
			assertThat(deleted).as("%s: %s was answered %s", this.name, key, answers)
				.isBetween(CONTESTED.contains(key) ? 0L : 1L, 1L);
		});
	}

	private void assertTheLedgerNamesEachKeyOnce() {
		Map<Key, List<Outcome>> outcomes = this.tester.outcomes(report().run().id());
		Set<Key> known = new HashSet<>(CONTESTED);
		known.addAll(UNTOUCHED);
		known.addAll(NEVER_DELETED);
		assertThat(known).as("%s: keys in the ledger", this.name).containsAll(outcomes.keySet());
		for (Key key : UNTOUCHED) {
			assertThat(settled(outcomes, key)).as("%s: %s", this.name, key)
				.isIn(List.of(Outcome.DELETED), List.of(Outcome.INFERRED));
		}
		for (Key key : NEVER_DELETED) {
			assertThat(settled(outcomes, key)).as("%s: %s", this.name, key).containsExactly(Outcome.REFUSED);
		}
		for (Key key : CONTESTED) {
			assertThat(settled(outcomes, key)).as("%s: %s", this.name, key)
				.doesNotContain(Outcome.REFUSED)
				.hasSizeLessThanOrEqualTo(1);
			if (this.faulty.answers().getOrDefault(key, List.of()).contains(Answer.DELETED)) {
				assertThat(outcomes).as("%s: whatever went was announced", this.name).containsKey(key);
			}
		}
		this.tester.ledger((ledger) -> {
			ledger.calls(report().run().id(),
					(call) -> call.outcomes()
						.stream()
						.filter((outcome) -> outcome.outcome() == Outcome.REFUSED)
						.map(KeyOutcome::reason)
						.forEach((reason) -> assertThat(reason).isEqualTo(FaultyKeyValueStore.REFUSAL)));
			return true;
		});
	}

	private void assertTheNumbersAgree() {
		EntryCounts counts = report().counts();
		assertThat(counts.judgedBalance()).as("%s: %s", this.name, counts).isTrue();
		assertThat(counts.deletedBalance()).as("%s: %s", this.name, counts).isTrue();
		Map<Outcome, Long> inLedger = new EnumMap<>(Outcome.class);
		this.tester.outcomes(report().run().id())
			.values()
			.forEach((all) -> all.forEach((outcome) -> inLedger.merge(outcome, 1L, Long::sum)));
		assertThat(counts.deleted()).as("%s: %s", this.name, inLedger)
			.isEqualTo(inLedger.getOrDefault(Outcome.DELETED, 0L) + inLedger.getOrDefault(Outcome.INFERRED, 0L));
		assertThat(counts.vanished()).as(this.name).isEqualTo(inLedger.getOrDefault(Outcome.VANISHED, 0L));
		assertThat(counts.spared()).as(this.name).isEqualTo(inLedger.getOrDefault(Outcome.SPARED, 0L));
		assertThat(counts.refused()).as(this.name).isEqualTo(NEVER_DELETED.size());
		assertThat(report().exitCode()).as(this.name).isEqualTo(ExitCode.REFUSED);
		assertThat(report().totals()).as(this.name)
			.isEqualTo(this.tester.ledger((ledger) -> ledger.totals(report().run().id())));
		assertThat(report().totals().rangesDone()).as(this.name).isEqualTo(RANGES);
		// Every entry is listed once; one that was rewritten may be met again.
		assertThat(counts.unmatched()).as("%s: unmatched of %s", this.name, counts)
			.isBetween((long) UNMATCHED.size(),
					(long) UNMATCHED.size() + this.writer.rewritten().size() + this.writer.added().size());
	}

	private void assertProgressNeverFalls() {
		List<RunTotals> series = List.copyOf(this.progress);
		for (int i = 1; i < series.size(); i++) {
			EntryCounts before = series.get(i - 1).counts();
			EntryCounts now = series.get(i).counts();
			assertThat(now.listed()).as("%s: listed", this.name).isGreaterThanOrEqualTo(before.listed());
			assertThat(now.matched()).as("%s: matched", this.name).isGreaterThanOrEqualTo(before.matched());
			assertThat(now.deleted()).as("%s: deleted", this.name).isGreaterThanOrEqualTo(before.deleted());
			assertThat(series.get(i).calls().list()).as("%s: calls", this.name)
				.isGreaterThanOrEqualTo(series.get(i - 1).calls().list());
		}
	}

	/** What became of a key, but for the calls after which it was judged again. */
	private static List<Outcome> settled(Map<Key, List<Outcome>> outcomes, Key key) {
		return outcomes.getOrDefault(key, List.of()).stream().filter((outcome) -> outcome != Outcome.LEFT).toList();
	}

	private RunReport report() {
		return Objects.requireNonNull(this.report, "not launched");
	}

	private static Set<Key> keys(IntPredicate wanted) {
		return IntStream.range(0, KEYS)
			.filter(wanted)
			.mapToObj((n) -> PurgeTester.entry(n).key())
			.collect(Collectors.toUnmodifiableSet());
	}

	/** Remembers everything that a listener is told. */
	private final class ProgressWatch implements RunListener {

		@Override
		public void onStart(PurgeRun run, RunTotals before) {
			ConcurrencyTrial.this.progress.add(before);
		}

		@Override
		public void onProgress(RunTotals totals, Pace pace) {
			ConcurrencyTrial.this.progress.add(totals);
		}

	}

	/**
	 * Rewrites contested keys when or soon after they were listed, so that they match no
	 * more, and adds keys that never did.
	 */
	private static final class OtherWriter {

		private static final Metadata MATCHES_NO_MORE = Metadata.of(Map.of("n", 1L));

		private final MemoryStore store;

		private final Random random;

		private final BlockingQueue<Key> seen = new LinkedBlockingQueue<>();

		private final Map<Key, Boolean> rewritten = new ConcurrentHashMap<>();

		private final Map<Key, Boolean> added = new HashMap<>();

		private final Thread thread = new Thread(this::write, "other-writer");

		private volatile boolean started;

		private volatile boolean ended;

		OtherWriter(MemoryStore store, Random random) {
			this.store = store;
			this.random = random;
		}

		void start() {
			this.started = true;
			this.thread.setDaemon(true);
			this.thread.start();
		}

		void sees(Key key) {
			if (!this.started || !CONTESTED.contains(key)) {
				return;
			}
			if (!AT_ONCE.contains(key)) {
				this.seen.add(key);
			}
			else if (this.rewritten.putIfAbsent(key, true) == null) {
				put(key);
			}
		}

		private void write() {
			try {
				while (!this.ended) {
					Key key = this.seen.poll(10, TimeUnit.MILLISECONDS);
					if (key != null && !this.rewritten.containsKey(key)) {
						put(key);
						this.rewritten.put(key, true);
						Key another = Key.of(key.text() + "/new");
						put(another);
						this.added.put(another, true);
						TimeUnit.NANOSECONDS.sleep(this.random.nextInt(2_000_000));
					}
				}
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		private void put(Key key) {
			this.store.write(List.of(new KeyValue(key, null, MATCHES_NO_MORE, null)));
		}

		void end() {
			this.ended = true;
			try {
				this.thread.join();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		Set<Key> rewritten() {
			return Set.copyOf(this.rewritten.keySet());
		}

		Set<Key> added() {
			return Set.copyOf(this.added.keySet());
		}

	}

}
