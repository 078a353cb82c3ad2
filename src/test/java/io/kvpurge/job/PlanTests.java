package io.kvpurge.job;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.Findings;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Guarantee;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.testkit.FaultyKeyValueStore;
import io.kvpurge.testkit.FaultyKeyValueStore.Faults;
import io.kvpurge.testkit.ForwardingKeyValueStore;
import io.kvpurge.testkit.MutableClock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Plans, and what becomes of them when they are applied. */
class PlanTests {

	private static final int ENTRIES = 3000;

	@TempDir
	Path folder;

	private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));

	private final MemoryStore store = new MemoryStore("plans", this.clock);

	private PurgeTester tester;

	@BeforeEach
	void fill() {
		this.tester = new PurgeTester(this.folder, this.clock);
		this.store.write(PurgeTester.entries(ENTRIES));
	}

	private RunReport plan(String definition) {
		RunReport report = this.tester.run(this.tester.jobs(this.store), definition, RunMode.PLAN, false);
		assertThat(report.run().state()).isEqualTo(RunState.COMPLETED);
		return report;
	}

	private RunReport apply(KeyValueStore where, RunReport plan) {
		return apply(where, plan.run().id().number(), null);
	}

	private RunReport apply(KeyValueStore where, @Nullable Integer plan, @Nullable String expected) {
		return this.tester.jobs(where)
			.apply(new ApplyRequest(PurgeTester.NAME, plan, expected, Duration.ZERO), RunListener.NONE);
	}

	private void assertRefused(@Nullable Integer plan, @Nullable String expected, String reason) {
		assertRefused(this.store, plan, expected, reason);
	}

	private void assertRefused(KeyValueStore where, @Nullable Integer plan, @Nullable String expected, String reason) {
		int before = this.store.snapshot().size();
		assertThatExceptionOfType(DefinitionException.class).isThrownBy(() -> apply(where, plan, expected))
			.withMessageContaining(reason);
		assertThat(this.store.snapshot()).hasSize(before);
	}

	private void rewrite(int n) {
		this.store.write(rewritten(n));
	}

	private static List<KeyValue> rewritten(int n) {
		return List.of(new KeyValue(PurgeTester.entry(n).key(), null, Metadata.of(Map.of("n", 1L)), null));
	}

	@Test
	void itsKeysStandInTheLedger() {
		RunReport plan = plan(PurgeTester.everyThird(4));
		Map<Key, List<Outcome>> outcomes = this.tester.outcomes(plan.run().id());
		assertThat(outcomes.keySet()).containsExactlyInAnyOrderElementsOf(PurgeTester.going(ENTRIES));
		assertThat(outcomes.values()).allMatch(List.of(Outcome.PLANNED)::equals);
		assertThat(this.tester.ledger((ledger) -> ledger.verify(plan.run().id())).problem()).isNull();
		assertThat(this.store.snapshot()).hasSize(ENTRIES);
	}

	@Test
	void itSaysWhatItFound() {
		RunReport plan = plan(PurgeTester.definition("[\"key/0000\", \"key/0001\", \"none/\"]", "metadata.n < 200", 2));
		assertThat(plan.toText()).contains("  prefixes   200 under 'key/0000'", "             0 under 'key/0001'",
				"             0 under 'none/'");
		Findings findings = this.tester.ledger((ledger) -> ledger.findings(plan.run().id()));
		Map<String, Long> values = findings.values().get("n");
		assertThat(values).hasSize(FindingsTally.DISTINCT_VALUES + 1).containsEntry(FindingsTally.OTHER_VALUES, 100L);
		assertThat(values.entrySet().iterator().next().getKey()).isEqualTo(FindingsTally.OTHER_VALUES);
		assertThat(findings.sample()).hasSize(Findings.SAMPLE)
			.startsWith(new Findings.Sample(Key.of("key/0000000"), "{\"n\":0}"));
		assertThat(plan.run().forecast().ways()).containsOnlyKeys("run", "run with backup", "apply",
				"apply with backup");
	}

	@Test
	void itIsAppliedAsItWasReviewed() {
		RunReport plan = plan(PurgeTester.everyThird(4));
		RunReport report = apply(this.store, plan.run().id().number(), plan.run().seal());
		assertThat(report.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(report.run().identity().plan()).isEqualTo(1);
		assertThat(report.counts()).isEqualTo(new EntryCounts(1000, 0, 0, 0, 1000, 1000, 0, 0, 0));
		assertThat(report.totals().calls().list()).isZero();
		assertThat(this.store.snapshot().keySet()).containsExactlyInAnyOrderElementsOf(PurgeTester.staying(ENTRIES));
		this.tester.assertDeletedExactlyOnce(report.run().id(), PurgeTester.going(ENTRIES));
	}

	@Test
	void whatChangedSinceLivesAndWhatVanishedIsNamed() {
		RunReport plan = plan(PurgeTester.everyThird(4));
		rewrite(9);
		this.store.delete(List.of(this.store.find(List.of(PurgeTester.entry(12).key())).get(0)));
		this.store.write(List.of(new KeyValue(Key.of("key/new"), null, Metadata.of(Map.of("n", 3L)), null)));
		RunReport report = apply(this.store, plan);
		assertThat(report.counts()).isEqualTo(new EntryCounts(1000, 0, 0, 0, 1000, 998, 1, 1, 0));
		assertThat(report.reason()).isEqualTo("done; of what was planned, 1 keys changed and 1 vanished since");
		assertThat(this.store.snapshot()).containsKey(PurgeTester.entry(9).key()).containsKey(Key.of("key/new"));
		Map<Key, List<Outcome>> outcomes = this.tester.outcomes(report.run().id());
		assertThat(outcomes.get(PurgeTester.entry(9).key())).containsExactly(Outcome.SPARED);
		assertThat(outcomes.get(PurgeTester.entry(12).key())).containsExactly(Outcome.VANISHED);
	}

	@Test
	void soItIsWhereTheStoreCannotCompare() {
		MemoryStore plain = new MemoryStore("plain", Clock.systemUTC(), StoreCapabilities.of(1000, 1000,
				StoreCapability.ORDERED, StoreCapability.RESUMABLE, StoreCapability.METADATA_IN_LISTING));
		plain.write(PurgeTester.entries(ENTRIES));
		RunReport plan = this.tester.run(this.tester.jobs(plain), PurgeTester.everyThird(2), RunMode.PLAN, false);
		plain.write(rewritten(9));
		RunReport report = apply(plain, plan);
		assertThat(report.counts()).isEqualTo(new EntryCounts(1000, 0, 0, 0, 1000, 999, 0, 1, 0));
		assertThat(report.run().guarantee()).isEqualTo(Guarantee.RECHECK_THEN_DELETE);
		assertThat(plain.snapshot()).containsKey(PurgeTester.entry(9).key());
	}

	@Test
	void whatWasKeptSinceLivesToo() {
		RunReport plan = plan(PurgeTester.everyThird(1) + "keep: \"metadata.field('pinned') == true\"\n");
		this.store.write(List
			.of(new KeyValue(PurgeTester.entry(9).key(), null, Metadata.of(Map.of("n", 9L, "pinned", true)), null)));
		assertThat(apply(this.store, plan).counts().spared()).isEqualTo(1);
		assertThat(this.store.snapshot()).containsKey(PurgeTester.entry(9).key());
	}

	@Test
	void itIsAppliedOnce() {
		RunReport plan = plan(PurgeTester.everyThird(1));
		apply(this.store, plan);
		assertRefused(1, null, "plan test.1 was applied by run test.2 on ");
	}

	@Test
	void anotherThanTheOneExpectedIsRefused() {
		String reviewed = plan(PurgeTester.everyThird(1)).run().seal();
		plan(PurgeTester.everyThird(1));
		assertRefused(null, reviewed, "plan test.2 is not the one that was reviewed");
		assertThat(apply(this.store, 1, reviewed).counts().deleted()).isEqualTo(1000);
	}

	@Test
	void itExpires() {
		plan(PurgeTester.everyThird(1));
		plan(PurgeTester.everyThird(1) + "plan-valid-for: 90m\n");
		this.clock.advance(Duration.ofMinutes(91));
		assertRefused(2, null, "plan test.2 has expired");
		assertThat(apply(this.store, 1, null).counts().deleted()).isEqualTo(1000);
		this.clock.advance(Duration.ofHours(24));
		assertRefused(1, null, "was applied by run");
	}

	@Test
	void itIsForTheStoreThatItWasMadeFor() {
		RunReport plan = plan(PurgeTester.everyThird(1));
		assertRefused(new MemoryStore("another", Clock.systemUTC()), plan.run().id().number(), null,
				"belongs to the store ");
	}

	@Test
	void whatIsNoPlanIsRefused() {
		assertRefused(1, null, "there is no plan of test in ");
		this.tester.run(this.store, PurgeTester.everyThird(1));
		assertRefused(1, null, "run test.1 is no plan, but a purge");
		assertRefused(7, null, "there is no plan test.7");
		assertRefused(null, null, "there is no plan of test: make one");
	}

	@Test
	void oneThatWasStoppedIsRefused() {
		PurgeJobs jobs = this.tester.jobs(this.store);
		jobs.requestStop("enough");
		this.tester.run(jobs, PurgeTester.everyThird(1), RunMode.PLAN, false);
		assertRefused(1, null, "plan test.1 is STOPPED, not COMPLETED");
	}

	@Test
	void oneThatWasWrittenToIsRefused() {
		plan(PurgeTester.everyThird(1));
		this.tester.sql("update purge_call set key_count = key_count - 1 where sequence = 1");
		assertRefused(1, null, "plan test.1 is not as it was sealed");
	}

	@Test
	void oneWhoseKeysWerePrunedIsRefused() {
		plan(PurgeTester.everyThird(1));
		this.tester.ledger((ledger) -> ledger.prune(PurgeTester.NAME, Instant.MAX));
		assertRefused(1, null, "the keys of plan test.1 were pruned on ");
	}

	@Test
	void withApprovalRequiredOnlyAReviewedPlanIsApplied() {
		String definition = PurgeTester.everyThird(1) + "approval: required\n";
		assertThatExceptionOfType(DefinitionException.class).isThrownBy(() -> this.tester.run(this.store, definition))
			.withMessageContaining("needs approval: make a plan");
		RunReport plan = plan(definition);
		assertRefused(1, null, "plan test.1 needs approval");
		assertThat(apply(this.store, 1, plan.run().seal()).counts().deleted()).isEqualTo(1000);
	}

	@Test
	void anApplicationThatFailedIsCarriedOnWith() {
		RunReport plan = plan(PurgeTester.everyThird(3));
		RunReport failed = apply(new Stumbling(this.store), plan);
		assertThat(failed.run().state()).isEqualTo(RunState.FAILED);
		// An application that was begun in time is not given up for having taken long.
		this.clock.advance(Duration.ofDays(3));
		RunReport report = apply(this.store, plan);
		assertThat(report.run().id()).isEqualTo(failed.run().id());
		assertThat(report.run().attempts()).isEqualTo(2);
		assertThat(report.counts()).isEqualTo(new EntryCounts(1000, 0, 0, 0, 1000, 1000, 0, 0, 0));
		this.tester.assertDeletedExactlyOnce(report.run().id(), PurgeTester.going(ENTRIES));
	}

	@Test
	void andSoItIsByResume() {
		RunReport plan = plan(PurgeTester.everyThird(3));
		apply(new Stumbling(this.store), plan);
		RunReport report = this.tester.jobs(this.store).resume(PurgeTester.NAME, null, RunListener.NONE);
		assertThat(report.run().state()).isEqualTo(RunState.COMPLETED);
		this.tester.assertDeletedExactlyOnce(report.run().id(), PurgeTester.going(ENTRIES));
	}

	@Test
	void aRunOfTheDefinitionLeavesItAlone() {
		RunReport plan = plan(PurgeTester.everyThird(1));
		apply(new Stumbling(this.store), plan);
		assertThat(this.tester.run(this.store, PurgeTester.everyThird(1)).run().id().number()).isEqualTo(3);
		RunReport report = apply(this.store, plan);
		assertThat(report.run().id().number()).isEqualTo(2);
		assertThat(report.counts().matched()).isEqualTo(1000);
		assertThat(report.counts().deleted() + report.counts().vanished()).isEqualTo(1000);
	}

	@Test
	void anEmptyPlanIsAppliedToo() {
		RunReport plan = plan(PurgeTester.definition("[\"none/\"]", "all", 1));
		RunReport report = apply(this.store, plan);
		assertThat(report.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(report.counts()).isEqualTo(EntryCounts.ZERO);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void throughAnyFaultsEachKeyGoesOnceAndIsCountedOnce(boolean comparing) {
		for (long seed = 1; seed <= Integer.getInteger("kvpurge.seeds", 2); seed++) {
			PurgeTester trial = new PurgeTester(this.folder.resolve("trial" + seed));
			MemoryStore filled = new MemoryStore("faulty", Clock.systemUTC(),
					comparing ? StoreCapabilities.of(50, 40, StoreCapability.values()) : StoreCapabilities.of(50, 40,
							StoreCapability.ORDERED, StoreCapability.RESUMABLE, StoreCapability.METADATA_IN_LISTING));
			filled.write(PurgeTester.entries(ENTRIES));
			trial.run(trial.jobs(filled), PurgeTester.everyThird(8), RunMode.PLAN, false);
			Set<Key> refused = Set.of(PurgeTester.entry(99).key(), PurgeTester.entry(2100).key());
			FaultyKeyValueStore faulty = new FaultyKeyValueStore(filled,
					new Faults(0.05, 0.1, 0.1, 0.1, 0.1, 0.1, refused::contains), seed);
			RunReport report;
			int launches = 0;
			do {
				report = trial.jobs(faulty)
					.apply(new ApplyRequest(PurgeTester.NAME, 1, null, Duration.ZERO), RunListener.NONE);
				assertThat(++launches).as("seed %d: %s", seed, report.errors()).isLessThan(60);
			}
			while (report.run().state() != RunState.COMPLETED);
			assertThat(report.counts()).as("seed %d", seed)
				.isEqualTo(new EntryCounts(1000, 0, 0, 0, 1000, 998, 0, 0, 2));
			List<Key> going = new ArrayList<>(PurgeTester.going(ENTRIES));
			going.removeAll(refused);
			trial.assertDeletedExactlyOnce(report.run().id(), going);
			assertThat(filled.snapshot().keySet()).hasSize(2002).containsAll(refused);
		}
	}

	/** After two deletes it works no more. */
	private static final class Stumbling extends ForwardingKeyValueStore {

		private final List<Integer> deletes = new ArrayList<>();

		Stumbling(KeyValueStore store) {
			super(store);
		}

		@Override
		public StoreCapabilities capabilities() {
			return super.capabilities().withLimits(100, 50);
		}

		@Override
		public synchronized DeleteResult delete(List<KeyEntry> entries) {
			this.deletes.add(entries.size());
			if (this.deletes.size() > 2) {
				throw new StoreException("the store is gone");
			}
			return super.delete(entries);
		}

	}

}
