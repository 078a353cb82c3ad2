package io.kvpurge.job;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.ExitCode;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.testkit.ForwardingKeyValueStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PurgeJobsTests {

	private final MemoryStore store = new MemoryStore("purge", Clock.systemUTC());

	private PurgeTester tester;

	private Home home;

	/** Where the ledger is: here in a folder. */
	Home home(Path folder) {
		return Home.inFolder(folder, Clock.systemUTC());
	}

	@AfterEach
	void closeHome() {
		this.home.close();
	}

	@BeforeEach
	void openHome(@TempDir Path folder) {
		this.home = home(folder);
		this.tester = new PurgeTester(this.home, Clock.systemUTC());
	}

	@Test
	void deletesWhatMatchesAndNothingElse() {
		this.store.write(PurgeTester.entries(5000));
		RunReport report = this.tester.run(this.store, PurgeTester.everyThird(4));
		assertThat(report.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(report.exitCode()).isEqualTo(ExitCode.COMPLETED);
		assertThat(report.counts()).isEqualTo(new EntryCounts(5000, 3333, 0, 0, 1667, 1667, 0, 0, 0));
		assertThat(report.totals().ranges()).isEqualTo(4);
		assertThat(this.store.snapshot().keySet()).containsExactlyElementsOf(PurgeTester.staying(5000));
		this.tester.assertDeletedExactlyOnce(report.run().id(), PurgeTester.going(5000));
	}

	@Test
	void onlyKeysUnderThePrefixesAreListed() {
		for (String key : List.of("a/1", "a/2", "b/1", "c/1", "ab")) {
			this.store.write(List.of(new KeyValue(Key.of(key), null, Metadata.ABSENT, null)));
		}
		RunReport report = this.tester.run(this.store, PurgeTester.definition("[\"a/\", \"c/\"]", "all", 2));
		assertThat(report.counts().listed()).isEqualTo(3);
		assertThat(this.store.snapshot().keySet()).containsExactly(Key.of("ab"), Key.of("b/1"));
	}

	@Test
	void whatCannotBeDecidedStaysAndIsCountedWithItsReason() {
		this.store.write(List.of(new KeyValue(Key.of("a"), null, Metadata.ABSENT, null),
				new KeyValue(Key.of("b"), null, Metadata.of(Map.of("n", "three")), null), PurgeTester.entry(3)));
		RunReport report = this.tester.run(this.store, PurgeTester.everyThird(1));
		assertThat(report.counts().undecided()).isEqualTo(2);
		assertThat(report.counts().deleted()).isEqualTo(1);
		assertThat(report.totals().reasons()).containsEntry("metadata.n is missing", 1L).hasSize(2);
		assertThat(this.store.snapshot()).hasSize(2);
	}

	@Test
	void whatIsToBeKeptStays() {
		this.store.write(PurgeTester.entries(9));
		RunReport report = this.tester.run(this.store, PurgeTester.everyThird(1) + "keep: metadata.n == 6\n");
		assertThat(report.counts()).isEqualTo(new EntryCounts(9, 6, 1, 0, 2, 2, 0, 0, 0));
		assertThat(this.store.snapshot()).containsKey(PurgeTester.entry(6).key());
	}

	@Test
	void anEmptyStoreIsDoneAtOnce() {
		RunReport report = this.tester.run(this.store, PurgeTester.everyThird(8));
		assertThat(report.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(report.counts()).isEqualTo(EntryCounts.ZERO);
		assertThat(report.run().reason()).isEqualTo("nothing matched");
		assertThat(report.run().seal()).hasSize(64);
	}

	@Test
	void aPlanDeletesNothing() {
		this.store.write(PurgeTester.entries(300));
		RunReport report = this.tester.run(this.tester.jobs(this.store), PurgeTester.everyThird(2), RunMode.PLAN,
				false);
		assertThat(report.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(report.counts()).isEqualTo(new EntryCounts(300, 200, 0, 0, 100, 0, 0, 0, 0));
		assertThat(report.totals().calls().delete()).isZero();
		assertThat(this.store.snapshot()).hasSize(300);
	}

	@Test
	void aCompletedRunIsFollowedByANewOne() {
		this.store.write(PurgeTester.entries(30));
		assertThat(this.tester.run(this.store, PurgeTester.everyThird(1)).run().id()).isEqualTo(new RunId("test", 1));
		RunReport second = this.tester.run(this.store, PurgeTester.everyThird(1));
		assertThat(second.run().id()).isEqualTo(new RunId("test", 2));
		assertThat(second.counts().matched()).isZero();
	}

	@Test
	void refusedKeysAreNamedAndTheRunSaysSo() {
		this.store.write(PurgeTester.entries(30));
		Key refused = PurgeTester.entry(9).key();
		RunReport report = this.tester.run(new ForwardingKeyValueStore(this.store) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				List<KeyEntry> rest = entries.stream().filter((entry) -> !entry.key().equals(refused)).toList();
				return super.delete(rest).and(new DeleteResult(List.of(), List.of(), List.of(),
						(rest.size() < entries.size()) ? Map.of(refused, "locked") : Map.of(), List.of(), List.of(),
						null));
			}
		}, PurgeTester.everyThird(1));
		assertThat(report.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(report.exitCode()).isEqualTo(ExitCode.REFUSED);
		assertThat(report.counts().refused()).isEqualTo(1);
		assertThat(this.tester.outcomes(report.run().id())).containsEntry(refused, List.of(Outcome.REFUSED));
	}

	@Test
	void anEntryRewrittenSinceItWasListedIsSpared() {
		this.store.write(PurgeTester.entries(30));
		RunReport report = this.tester.run(new ForwardingKeyValueStore(this.store) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				PurgeJobsTests.this.store.write(List.of(PurgeTester.entry(3)));
				return super.delete(entries);
			}
		}, PurgeTester.everyThird(1));
		assertThat(report.counts().spared()).isEqualTo(1);
		assertThat(report.counts().deleted()).isEqualTo(9);
		assertThat(this.store.snapshot()).containsKey(PurgeTester.entry(3).key());
	}

	@Test
	void theRuleIsJudgedAtTheInstantOfTheFirstLaunch() {
		this.store.write(PurgeTester.entries(3));
		PurgeJobs stopped = this.tester.jobs(this.store);
		stopped.requestStop("at once");
		PurgeRun first = this.tester.run(stopped, PurgeTester.everyThird(1), RunMode.PURGE, false).run();
		PurgeRun second = this.tester.run(this.store, PurgeTester.everyThird(1)).run();
		assertThat(first.state()).isEqualTo(RunState.STOPPED);
		assertThat(second.id()).isEqualTo(first.id());
		assertThat(second.attempts()).isEqualTo(2);
		assertThat(second.identity().asOf()).isEqualTo(first.identity().asOf());
	}

	@Test
	void anUnfinishedRunOfAnotherDigestIsSuperseded() {
		this.store.write(PurgeTester.entries(30));
		PurgeJobs stopped = this.tester.jobs(this.store);
		stopped.requestStop("at once");
		RunId old = this.tester.run(stopped, PurgeTester.everyThird(1), RunMode.PURGE, false).run().id();
		RunReport report = this.tester.run(this.store,
				PurgeTester.definition("[\"\"]", "metadata.n % 3 == 0 && metadata.n > 10", 1));
		assertThat(report.run().id().number()).isEqualTo(2);
		assertThat(report.counts().deleted()).isEqualTo(6);
		PurgeRun superseded = this.tester.ledger((ledger) -> ledger.find(old));
		assertThat(superseded.state()).isEqualTo(RunState.SUPERSEDED);
		assertThat(superseded.seal()).isNotNull();
	}

	@Test
	void aFreshLaunchBeginsAnew() {
		this.store.write(PurgeTester.entries(30));
		PurgeJobs stopped = this.tester.jobs(this.store);
		stopped.requestStop("at once");
		this.tester.run(stopped, PurgeTester.everyThird(1), RunMode.PURGE, false);
		RunReport report = this.tester.run(this.tester.jobs(this.store), PurgeTester.everyThird(1), RunMode.PURGE,
				true);
		assertThat(report.run().id().number()).isEqualTo(2);
		assertThat(report.run().attempts()).isEqualTo(1);
	}

	@Test
	void carryingOnAgainstAnotherStoreIsRefused() {
		this.store.write(PurgeTester.entries(30));
		PurgeJobs stopped = this.tester.jobs(this.store);
		stopped.requestStop("at once");
		this.tester.run(stopped, PurgeTester.everyThird(1), RunMode.PURGE, false);
		MemoryStore other = new MemoryStore("other", Clock.systemUTC());
		other.write(PurgeTester.entries(30));
		assertThatExceptionOfType(DefinitionException.class)
			.isThrownBy(() -> this.tester.jobs(other).resume("test", null, RunListener.NONE))
			.withMessageContaining("belongs to the store memory:purge");
		assertThat(other.snapshot()).hasSize(30);
	}

	@Test
	void aHeldDefinitionDoesNotRun() {
		this.store.write(PurgeTester.entries(30));
		this.tester.folder().hold().set("held by a test");
		assertThatExceptionOfType(HeldException.class)
			.isThrownBy(() -> this.tester.run(this.store, PurgeTester.everyThird(1)))
			.withMessageContaining("held by a test");
		assertThat(this.store.snapshot()).hasSize(30);
		assertThat(this.tester.folder().hasLedger()).isFalse();
	}

}
