package io.kvpurge.job;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.definition.Settings;
import io.kvpurge.definition.SettingsReader;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.ExitCode;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Guarantee;
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
import io.kvpurge.store.TransientStoreException;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.testkit.FaultyKeyValueStore;
import io.kvpurge.testkit.FaultyKeyValueStore.Faults;
import io.kvpurge.testkit.ForwardingKeyValueStore;
import io.kvpurge.testkit.MutableClock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What ends a run before it has deleted too much, or at the wrong time. */
class GuardTests {

	private static final int ENTRIES = 3000;

	private static final int MATCHING = 1000;

	@TempDir
	private Path home;

	private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T02:00:00Z"));

	static Stream<Long> seeds() {
		long first = Long.getLong("kvpurge.seed", 1);
		return Stream.iterate(first, (seed) -> seed + 1).limit(Integer.getInteger("kvpurge.seeds", 2));
	}

	private static MemoryStore store(int bulkLimit) {
		MemoryStore store = new MemoryStore("guarded", Clock.systemUTC(),
				StoreCapabilities.of(20, bulkLimit, StoreCapability.values()));
		store.write(PurgeTester.entries(ENTRIES));
		return store;
	}

	private static String limited(int partitions, String limits) {
		String judgedOrNot = limits.contains("max-fraction") ? "" : "max-fraction: 1, ";
		return PurgeTester.guarded("[\"\"]", PurgeTester.EVERY_THIRD, partitions) + "limits: {" + judgedOrNot + limits
				+ "}\n";
	}

	private static int gone(MemoryStore store) {
		return ENTRIES - store.snapshot().size();
	}

	@Test
	void aRunDeletesAsManyAsItMayAndNotOneMore() {
		MemoryStore store = store(64);
		PurgeTester tester = new PurgeTester(this.home);
		RunReport report = tester.run(store, limited(8, "max-deletes: 700"));
		assertThat(report.run().state()).isEqualTo(RunState.BLOCKED);
		assertThat(report.exitCode()).isEqualTo(ExitCode.GUARD);
		assertThat(report.reason()).isEqualTo(
				"limits.max-deletes (700) is reached, and more keys match: raise it and launch again to carry on");
		assertThat(report.errors()).isEmpty();
		assertThat(gone(store)).isLessThanOrEqualTo(700).isEqualTo((int) report.counts().deleted());
	}

	@Test
	void withTheLimitRaisedTheSameRunIsCarriedOnWith() {
		MemoryStore store = store(64);
		PurgeTester tester = new PurgeTester(this.home);
		for (int launch = 0; launch < 5; launch++) {
			// No number of launches without a decision makes it begin anew.
			tester.run(store, limited(4, "max-deletes: 300"));
		}
		assertThat(gone(store)).isEqualTo(300);
		RunReport report = tester.run(store, limited(4, "max-deletes: 1000"));
		assertThat(report.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(report.run().id().number()).isEqualTo(1);
		assertThat(report.run().attempts()).isEqualTo(6);
		assertThat(report.counts())
			.isEqualTo(new EntryCounts(ENTRIES, ENTRIES - MATCHING, 0, 0, MATCHING, MATCHING, 0, 0, 0));
		tester.assertDeletedExactlyOnce(report.run().id(), PurgeTester.going(ENTRIES));
	}

	@Test
	void aRunThatNeedsExactlyAllItMayIsCompleted() {
		RunReport report = new PurgeTester(this.home).run(store(64), limited(1, "max-deletes: 1000"));
		assertThat(report.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(report.counts().deleted()).isEqualTo(MATCHING);
	}

	@Test
	void aKeyInDoubtCountsUntilItIsKnown() {
		MemoryStore store = store(50);
		KeyValueStore losing = new ForwardingKeyValueStore(store) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				super.delete(entries);
				return DeleteResult.allDoubtful(entries.stream().map(KeyEntry::key).toList(),
						new TransientStoreException("timeout", null, null));
			}
		};
		PurgeTester tester = new PurgeTester(this.home);
		RunReport report = tester.run(losing, limited(4, "max-deletes: 120"));
		assertThat(gone(store)).isLessThanOrEqualTo(120);
		for (int launch = 0; launch < 3 && report.counts().deleted() < 120; launch++) {
			report = tester.run(store, limited(4, "max-deletes: 120"));
		}
		assertThat(report.run().state()).isEqualTo(RunState.BLOCKED);
		assertThat(gone(store)).isEqualTo(120);
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void underManyRangesAndAnyFaultsNotOneMore(long seed) {
		notOneMore(new PurgeTester(this.home), seed);
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void withALedgerInPostgresqlToo(long seed) {
		try (Home shared = PurgeTester.sharedHome(Clock.systemUTC())) {
			notOneMore(new PurgeTester(shared, Clock.systemUTC()), seed);
		}
	}

	private static void notOneMore(PurgeTester tester, long seed) {
		MemoryStore store = store(15);
		KeyValueStore faulty = new FaultyKeyValueStore(store,
				new Faults(0.05, 0.05, 0.1, 0.1, 0.1, 0.1, (key) -> false), seed);
		int limit = (int) (100 + (seed * 37) % 700);
		RunReport report;
		int launches = 0;
		do {
			report = tester.run(faulty, limited(64, "max-deletes: " + limit));
			assertThat(gone(store)).as("seed %d", seed).isLessThanOrEqualTo(limit);
			assertThat(++launches).as("seed %d: %s", seed, report.errors()).isLessThan(60);
		}
		while (report.counts().deleted() < limit);
		assertThat(gone(store)).as("seed %d", seed).isEqualTo(limit);
		report = tester.run(store, PurgeTester.everyThird(64));
		assertThat(report.run().state()).as("seed %d: %s", seed, report.errors()).isEqualTo(RunState.COMPLETED);
		assertThat(report.counts()).as("seed %d", seed)
			.isEqualTo(new EntryCounts(ENTRIES, ENTRIES - MATCHING, 0, 0, MATCHING, MATCHING, 0, 0, 0));
	}

	@Test
	void wherePartOfAllIsTooLargeNothingIsDeletedUntilAPersonRaisesIt() {
		MemoryStore store = store(50);
		PurgeTester tester = new PurgeTester(this.home);
		for (int launch = 0; launch < 4; launch++) {
			RunReport report = tester.run(store, limited(4, "max-fraction: 0.3"));
			assertThat(report.run().state()).isEqualTo(RunState.BLOCKED);
			assertThat(report.exitCode()).isEqualTo(ExitCode.GUARD);
			assertThat(report.reason())
				.isEqualTo("limits.max-fraction (0.3): 1,000 of 3,000 listed keys match (33.3 %);"
						+ " nothing was deleted: raise it and launch again to carry on");
			assertThat(report.totals().calls().delete()).isZero();
		}
		assertThat(gone(store)).isZero();
		long lists = tester.run(store, limited(4, "max-fraction: 0.3")).totals().calls().list();
		RunReport report = tester.run(store, limited(4, "max-fraction: 0.34"));
		assertThat(report.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(report.run().id().number()).isEqualTo(1);
		assertThat(report.totals().calls().list()).as("listed once").isEqualTo(lists);
		assertThat(report.counts())
			.isEqualTo(new EntryCounts(ENTRIES, ENTRIES - MATCHING, 0, 0, MATCHING, MATCHING, 0, 0, 0));
		tester.assertDeletedExactlyOnce(report.run().id(), PurgeTester.going(ENTRIES));
	}

	@Test
	void whatChangesBetweenFindingAndDeletingLives() {
		MemoryStore store = store(50);
		PurgeTester tester = new PurgeTester(this.home);
		tester.run(store, limited(4, "max-fraction: 0.3"));
		store.write(List.of(new KeyValue(PurgeTester.entry(9).key(), null, Metadata.of(Map.of("n", 1L)), null),
				new KeyValue(Key.of("key/new"), null, Metadata.of(Map.of("n", 3L)), null)));
		RunReport report = tester.run(store, limited(4, "max-fraction: 0.5"));
		assertThat(report.counts().spared()).isEqualTo(1);
		assertThat(report.counts().deleted()).isEqualTo(MATCHING - 1);
		assertThat(store.snapshot()).containsKey(PurgeTester.entry(9).key()).containsKey(Key.of("key/new"));
	}

	@Test
	void moreThanUsualIsJudgedByTheMiddleOneOfTheRunsBefore() {
		MemoryStore store = store(1000);
		PurgeTester tester = new PurgeTester(this.home);
		String definition = limited(2, "max-growth: 2");
		assertThat(tester.run(store, definition).counts().deleted()).isEqualTo(MATCHING);
		for (int matching : new int[] { 30, 90 }) {
			store.write(PurgeTester.entries(matching));
			RunReport report = tester.run(store, definition);
			assertThat(report.counts().deleted()).isEqualTo(matching / 3);
			assertThat(report.reason())
				.isEqualTo("done; limits.max-growth was not judged: there are fewer than 3 runs to compare with");
		}
		// 10, 30, 1000: usual are 30.
		store.write(PurgeTester.entries(183));
		RunReport blocked = tester.run(store, definition);
		assertThat(blocked.run().state()).isEqualTo(RunState.BLOCKED);
		assertThat(blocked.reason()).startsWith("limits.max-growth (2): 61 keys match, where 30 are usual; nothing");
		RunReport judged = tester.run(store, limited(2, "max-growth: 2.1"));
		assertThat(judged.counts().deleted()).isEqualTo(61);
		assertThat(judged.reason()).isEqualTo("done");
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void foundFirstAndThroughAnyFaultsEachKeyGoesOnceAndIsCountedOnce(long seed) {
		StoreCapabilities plain = StoreCapabilities.of(20, 15, StoreCapability.METADATA_IN_LISTING,
				StoreCapability.SPLITTABLE, StoreCapability.ORDERED, StoreCapability.RESUMABLE);
		for (StoreCapabilities capabilities : List.of(StoreCapabilities.of(20, 15, StoreCapability.values()), plain,
				plain.withReadLimit(2))) {
			boolean comparing = capabilities.can(StoreCapability.CONDITIONAL_DELETE);
			PurgeTester tester = new PurgeTester(
					this.home.resolve("comparing-" + comparing + capabilities.readLimit()));
			MemoryStore store = new MemoryStore("found", Clock.systemUTC(), capabilities);
			store.write(PurgeTester.entries(ENTRIES));
			KeyValueStore faulty = new FaultyKeyValueStore(store,
					new Faults(0.05, 0.05, 0.1, 0.1, 0.1, 0.1, (key) -> false), seed);
			RunReport report;
			int launches = 0;
			do {
				report = tester.run(faulty, limited(16, "max-fraction: 0.5"));
				assertThat(++launches).as("seed %d: %s", seed, report.errors()).isLessThan(60);
			}
			while (report.run().state() != RunState.COMPLETED);
			assertThat(report.counts()).as("seed %d", seed)
				.isEqualTo(new EntryCounts(ENTRIES, ENTRIES - MATCHING, 0, 0, MATCHING, MATCHING, 0, 0, 0));
			tester.assertDeletedExactlyOnce(report.run().id(), PurgeTester.going(ENTRIES));
			assertThat(report.run().guarantee())
				.isEqualTo(comparing ? Guarantee.COMPARE_AND_DELETE : Guarantee.RECHECK_THEN_DELETE);
		}
	}

	/** As far away as Workers KV is: a call lists ten times as much as it reads. */
	private static MemoryStore farStore(int entries) {
		MemoryStore store = new MemoryStore("far", Clock.systemUTC(),
				StoreCapabilities
					.of(20, 100, StoreCapability.METADATA_IN_LISTING, StoreCapability.ORDERED,
							StoreCapability.RESUMABLE)
					.withReadLimit(2));
		store.write(PurgeTester.entries(entries));
		return store;
	}

	@Test
	void whatWasFoundIsListedOnceMoreWhereThatTakesFewerCalls() {
		MemoryStore store = farStore(ENTRIES);
		RunReport report = new PurgeTester(this.home).run(store, limited(1, "max-fraction: 0.5"));
		assertThat(report.counts())
			.isEqualTo(new EntryCounts(ENTRIES, ENTRIES - MATCHING, 0, 0, MATCHING, MATCHING, 0, 0, 0));
		int pages = ENTRIES / 20;
		int batches = MATCHING / 100;
		assertThat(report.totals().calls().list()).isBetween(2L * pages, 2L * pages + batches + 1);
		assertThat(report.totals().calls().other()).isZero();
		assertThat(report.run().guarantee()).isEqualTo(Guarantee.RECHECK_THEN_DELETE);
	}

	@Test
	void fewKeysAreReadOneByOne() {
		RunReport report = new PurgeTester(this.home).run(farStore(ENTRIES),
				PurgeTester.definition("[\"\"]", "metadata.n < 30", 1).replace("max-fraction: 1", "max-fraction: 0.5"));
		assertThat(report.counts().deleted()).isEqualTo(30);
		assertThat(report.totals().calls().list()).isBetween(ENTRIES / 20L, ENTRIES / 20L + 1);
		assertThat(report.totals().calls().other()).isEqualTo(30 / 2);
	}

	@Test
	void whatChangedOrWentSinceItWasFoundIsNotDeleted() {
		MemoryStore store = farStore(ENTRIES);
		AtomicBoolean found = new AtomicBoolean();
		KeyValueStore changing = new ForwardingKeyValueStore(store) {
			@Override
			public KeyPage list(KeyRange range, ListingPosition from, int limit) {
				if (from.cursor() == null && found.getAndSet(true)) {
					store.delete(List.of(KeyEntry.of(PurgeTester.entry(30).key())));
					store.write(List
						.of(new KeyValue(PurgeTester.entry(33).key(), null, Metadata.of(Map.of("n", 1L)), null)));
					// What begins to match now was not found, and stays.
					store.write(List
						.of(new KeyValue(PurgeTester.entry(34).key(), null, Metadata.of(Map.of("n", 3L)), null)));
				}
				return super.list(range, from, limit);
			}
		};
		PurgeTester tester = new PurgeTester(this.home);
		RunReport report = tester.run(changing, limited(1, "max-fraction: 0.5"));
		assertThat(report.counts())
			.isEqualTo(new EntryCounts(ENTRIES, ENTRIES - MATCHING, 0, 0, MATCHING, MATCHING - 2, 1, 1, 0));
		assertThat(store.snapshot()).containsKeys(PurgeTester.entry(33).key(), PurgeTester.entry(34).key());
	}

	@Test
	void noMoreThanHalfOfManyMayMatchIfNothingIsSaid() {
		MemoryStore store = store(100);
		PurgeTester tester = new PurgeTester(this.home);
		RunReport blocked = tester.run(store, PurgeTester.guarded("[\"\"]", "metadata.n > 1499", 2));
		assertThat(blocked.run().state()).isEqualTo(RunState.COMPLETED);
		store.write(PurgeTester.entries(ENTRIES));
		blocked = tester.run(store, PurgeTester.guarded("[\"\"]", "metadata.n > 1498", 2));
		assertThat(blocked.run().state()).isEqualTo(RunState.BLOCKED);
		assertThat(blocked.reason()).isEqualTo("limits.max-fraction (0.5): 1,501 of 3,000 listed keys match (50.0 %);"
				+ " nothing was deleted: raise it and launch again to carry on");
		assertThat(gone(store)).isZero();
		assertThat(tester.run(store, PurgeTester.guarded("[\"key/00000\"]", "metadata.n >= 0", 2)).counts().deleted())
			.isEqualTo(100);
	}

	@Test
	void allThatAStoreHasIsMeantTwiceOrNotAtAll() {
		MemoryStore store = store(100);
		PurgeTester tester = new PurgeTester(this.home);
		assertThatExceptionOfType(DefinitionException.class)
			.isThrownBy(() -> tester.run(store, PurgeTester.guarded("[\"\"]", "all", 2)))
			.withMessage("test: selects every key that the store has: if that is meant, say so with"
					+ " 'limits.max-fraction: 1' (--max-fraction 1)");
		assertThat(this.home).isEmptyDirectory();
		assertThat(tester.run(tester.jobs(store), PurgeTester.guarded("[\"\"]", "all", 2), RunMode.PLAN, false)
			.counts()
			.matched()).isEqualTo(ENTRIES);
		assertThat(tester.run(store, PurgeTester.guarded("[\"key/0000\"]", "all", 2)).counts().deleted())
			.isEqualTo(1000);
		assertThat(tester.run(store, PurgeTester.definition("[\"\"]", "all", 2)).counts().deleted())
			.isEqualTo(ENTRIES - 1000);
	}

	@Test
	void aListingThatIsMuchShorterThanUsualEndsARun() {
		MemoryStore store = store(1000);
		PurgeTester tester = new PurgeTester(this.home);
		String definition = PurgeTester.guarded("[\"\"]", "metadata.n < 0", 2);
		for (int i = 0; i < 3; i++) {
			assertThat(tester.run(store, definition).run().state()).isEqualTo(RunState.COMPLETED);
		}
		MemoryStore another = new MemoryStore("guarded", Clock.systemUTC());
		RunReport empty = tester.run(another, definition);
		assertThat(empty.run().state()).isEqualTo(RunState.BLOCKED);
		assertThat(empty.exitCode()).isEqualTo(ExitCode.GUARD);
		assertThat(empty.reason())
			.isEqualTo("limits.max-shrink (0.9): nothing is listed, where 3,000 are usual; nothing was deleted: launch"
					+ " with --new to list again, or raise it and launch again to carry on");
		another.write(PurgeTester.entries(299));
		RunReport shorter = tester.run(tester.jobs(another), definition, RunMode.PURGE, true);
		assertThat(shorter.reason()).startsWith("limits.max-shrink (0.9): only 299 keys are listed, where 3,000");
		assertThat(tester.run(another, definition + "limits: {max-shrink: 1}\n").run().state())
			.isEqualTo(RunState.COMPLETED);
		another.write(PurgeTester.entries(300));
		assertThat(tester.run(another, definition).run().state()).isEqualTo(RunState.COMPLETED);
	}

	@Test
	void whatIsProtectedIsHeldWhateverTheDefinitionSays() {
		MemoryStore store = store(1000);
		Settings settings = new SettingsReader((name) -> name.equals("KVPURGE_PROTECT") ? "key/0000,key/00029" : null)
			.read(List.of());
		for (String recheck : List.of("", "recheck: true\n")) {
			PurgeTester tester = new PurgeTester(this.home);
			tester.settings(settings);
			RunReport report = tester.run(store, PurgeTester.definition("[\"key/00\"]", "all", 4) + recheck);
			assertThat(report.counts().held()).isEqualTo(1100);
			assertThat(report.totals().reasons()).containsEntry("protected by the configuration", 1100L);
		}
		assertThat(store.snapshot().keySet()).hasSize(1100)
			.allMatch((key) -> key.startsWith(Key.of("key/0000")) || key.startsWith(Key.of("key/00029")));
	}

	@Test
	void anApplicationHoldsWhatIsProtectedSinceThePlan() {
		MemoryStore store = store(1000);
		PurgeTester tester = new PurgeTester(this.home);
		tester.run(tester.jobs(store), PurgeTester.everyThird(1), RunMode.PLAN, false);
		tester
			.settings(new SettingsReader((name) -> name.equals("KVPURGE_PROTECT") ? "key/0000" : null).read(List.of()));
		RunReport report = tester.jobs(store)
			.apply(new ApplyRequest(PurgeTester.NAME, null, null, Duration.ZERO), RunListener.NONE);
		assertThat(report.counts().spared()).isEqualTo(334);
		assertThat(store.snapshot()).containsKey(PurgeTester.entry(0).key()).doesNotContainKey(Key.of("key/0001002"));
	}

	@Test
	void outsideItsWindowNothingIsTouched() {
		MemoryStore store = store(1000);
		PurgeTester tester = new PurgeTester(this.home, this.clock);
		assertThatExceptionOfType(OutsideWindowException.class)
			.isThrownBy(() -> tester.run(store, limited(1, "window: \"03:00-06:00 UTC\"")))
			.withMessage("test deletes within its window only (03:00-06:00 UTC); it opens at 2026-03-01T03:00:00Z:"
					+ " launch again then");
		assertThat(this.home).isEmptyDirectory();
		assertThat(gone(store)).isZero();
		RunReport plan = tester.run(tester.jobs(store), limited(1, "window: \"03:00-06:00 UTC\""), RunMode.PLAN, false);
		assertThat(plan.run().state()).isEqualTo(RunState.COMPLETED);
		assertThatExceptionOfType(OutsideWindowException.class).isThrownBy(() -> tester.jobs(store)
			.apply(new ApplyRequest(PurgeTester.NAME, 1, null, Duration.ZERO), RunListener.NONE));
		assertThat(gone(store)).isZero();
	}

	@Test
	void atTheEndOfItsWindowARunEndsAndTheNextCarriesOn() {
		MemoryStore store = store(50);
		KeyValueStore slow = new ForwardingKeyValueStore(store) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				GuardTests.this.clock.advance(Duration.ofMinutes(20));
				return super.delete(entries);
			}
		};
		PurgeTester tester = new PurgeTester(this.home, this.clock);
		String definition = limited(1, "window: \"01:00-03:00 UTC\"");
		RunReport report = tester.run(slow, definition);
		assertThat(report.run().state()).isEqualTo(RunState.PAUSED);
		assertThat(report.exitCode()).isEqualTo(ExitCode.COMPLETED);
		assertThat(report.reason())
			.isEqualTo("its window is over (01:00-03:00 UTC): the next launch within it carries on");
		// 02:20, 02:40, 03:00: no more.
		assertThat(report.totals().calls().delete()).isEqualTo(3);
		assertThat(gone(store)).isPositive().isEqualTo((int) report.counts().deleted());
		assertThatExceptionOfType(OutsideWindowException.class)
			.isThrownBy(() -> tester.jobs(store).resume(PurgeTester.NAME, null, RunListener.NONE));
		this.clock.advance(Duration.ofHours(22).plusMinutes(30));
		report = tester.run(store, definition);
		assertThat(report.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(report.run().attempts()).isEqualTo(2);
		tester.assertDeletedExactlyOnce(report.run().id(), PurgeTester.going(ENTRIES));
	}

}
