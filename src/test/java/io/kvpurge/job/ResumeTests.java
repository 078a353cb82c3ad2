package io.kvpurge.job;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.testkit.ForwardingKeyValueStore;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A run that was cut off is carried on where it was, whatever the job repository says.
 */
class ResumeTests {

	private static final int KEYS = 6000;

	private static final int PAGE = 20;

	/** Small pages and batches, so that there is much to be cut off between. */
	private final MemoryStore store = new MemoryStore("resume", Clock.systemUTC(),
			StoreCapabilities.of(PAGE, 40, StoreCapability.values()));

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
	void fill(@TempDir Path folder) {
		this.home = home(folder);
		this.tester = new PurgeTester(this.home, Clock.systemUTC());
		this.store.write(PurgeTester.entries(KEYS));
	}

	@Test
	void aStoppedRunIsCarriedOnAndNothingIsDoneTwice() {
		RunReport stopped = stopAfterDeletes(10);
		assertThat(stopped.run().state()).isEqualTo(RunState.STOPPED);
		assertThat(stopped.run().reason()).isEqualTo("enough");
		assertThat(stopped.counts().deleted()).isBetween(1L, KEYS / 3L - 1);
		assertDoneByTheNextLaunch(stopped, PurgeTester.everyThird(4));
	}

	@Test
	void aStopWhileTheStoreIsThrottledIsAStopAndNoFailure() {
		PurgeJobs[] jobs = new PurgeJobs[1];
		jobs[0] = this.tester.jobs(new ForwardingKeyValueStore(this.store) {
			@Override
			public KeyPage list(KeyRange range, ListingPosition from, int limit) {
				jobs[0].requestStop("enough");
				throw new TransientStoreException("429 too many requests", null, Duration.ofHours(1));
			}
		});
		RunReport stopped = this.tester.run(jobs[0], PurgeTester.everyThird(4), RunMode.PURGE, false);
		assertThat(stopped.run().state()).isEqualTo(RunState.STOPPED);
		assertThat(stopped.errors()).isEmpty();
		assertDoneByTheNextLaunch(stopped, PurgeTester.everyThird(4));
	}

	@Test
	void aFailureInOneRangeReachesTheUserAndLeavesTheOthersDone() {
		Key poison = PurgeTester.entry(3000).key();
		RunReport failed = this.tester.run(new ForwardingKeyValueStore(this.store) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				if (entries.stream().anyMatch((entry) -> entry.key().equals(poison))) {
					throw new StoreException("the store is read-only");
				}
				return super.delete(entries);
			}
		}, PurgeTester.everyThird(4));
		assertThat(failed.run().state()).isEqualTo(RunState.FAILED);
		assertThat(failed.errors()).singleElement().asString().matches("range-0000[23]: the store is read-only");
		assertThat(failed.totals().rangesDone()).isEqualTo(3);
		assertThat(this.store.snapshot()).containsKey(poison);
		assertDoneByTheNextLaunch(failed, PurgeTester.everyThird(4));
	}

	@Test
	void dyingBehindADeleteIsSettledByLooking() {
		RunReport died = dieInDelete(true);
		assertThat(died.run().state()).isEqualTo(RunState.FAILED);
		RunReport report = assertDoneByTheNextLaunch(died, PurgeTester.everyThird(4));
		assertThat(this.tester.outcomes(report.run().id()).values().stream().flatMap(List::stream))
			.contains(Outcome.INFERRED)
			.doesNotContain(Outcome.LEFT);
		assertThat(deletedByValue(report)).as("of keys that were found gone nobody knows the metadata")
			.containsEntry(FindingsTally.UNKNOWN_VALUE, inferred(report));
	}

	private long inferred(RunReport report) {
		return this.tester.outcomes(report.run().id())
			.values()
			.stream()
			.filter((outcomes) -> outcomes.contains(Outcome.INFERRED))
			.count();
	}

	@Test
	void aRunOfAVersionThatCountedNoMetadataIsCarriedOn() {
		RunReport stopped = stopAfterDeletes(10);
		this.tester.sql("update purge_range set findings = null");
		RunReport report = assertDoneByTheNextLaunch(stopped, PurgeTester.everyThird(4));
		assertThat(deletedByValue(report)).containsEntry(FindingsTally.UNKNOWN_VALUE, stopped.counts().deleted());
	}

	@Test
	void dyingBeforeADeleteLeavesTheKeysToBeJudgedAgain() {
		RunReport died = dieInDelete(false);
		RunReport report = assertDoneByTheNextLaunch(died, PurgeTester.everyThird(4));
		assertThat(this.tester.outcomes(report.run().id()).values().stream().flatMap(List::stream))
			.contains(Outcome.LEFT)
			.doesNotContain(Outcome.INFERRED);
	}

	@Test
	void whatWasRewrittenAfterADeathIsJudgedAgainAndNotDeletedAgain() {
		RunReport died = dieInDelete(true);
		List<Key> doubtful = new ArrayList<>();
		this.tester.ledger((ledger) -> {
			for (LedgerRange range : ledger.ranges(died.run().id())) {
				ledger.unsettled(died.run().id(), range.number()).forEach((call) -> doubtful.addAll(call.keys()));
			}
			return true;
		});
		assertThat(doubtful).isNotEmpty();
		Key rewritten = doubtful.get(0);
		this.store.write(List.of(new KeyValue(rewritten, null, Metadata.of(Map.of("n", 1L)), null)));
		RunReport report = this.tester.run(this.store, PurgeTester.everyThird(4));
		assertThat(report.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(this.store.snapshot()).containsKey(rewritten);
		assertThat(this.tester.outcomes(report.run().id())).containsEntry(rewritten, List.of(Outcome.LEFT));
	}

	@ParameterizedTest
	@ValueSource(strings = { "STARTED", "STARTING", "STOPPING", "UNKNOWN" })
	void whateverStateADeathLeavesInTheJobRepositoryTheRunIsCarriedOn(String status) {
		RunReport stopped = stopAfterDeletes(10);
		this.tester.sql(
				"update batch_job_execution set status = '" + status + "', exit_code = 'UNKNOWN', end_time = null",
				"update batch_step_execution set status = '" + status
						+ "', exit_code = 'UNKNOWN', end_time = null where status <> 'COMPLETED'",
				"update purge_run set state = 'RUNNING', ended_at = null, reason = null");
		assertDoneByTheNextLaunch(stopped, PurgeTester.everyThird(4));
	}

	@Test
	void aRunIsCarriedOnHoweverManyOthersCameAfterIt() {
		RunReport stopped = stopAfterDeletes(10);
		for (int i = 0; i < 25; i++) {
			this.tester.run(this.tester.jobs(this.store), PurgeTester.everyThird(1), RunMode.PLAN, false);
		}
		this.tester.sql("update batch_job_execution set status = 'STARTED', end_time = null where status = 'STOPPED'",
				"update batch_step_execution set status = 'STARTED', end_time = null where status <> 'COMPLETED'",
				"update purge_run set state = 'RUNNING', ended_at = null, reason = null where mode = 'PURGE'");
		assertDoneByTheNextLaunch(stopped, PurgeTester.everyThird(4));
	}

	@Test
	void stepContextsThatComeBackEmptyLoseNothing() {
		RunReport stopped = stopAfterDeletes(10);
		this.tester.sql("update batch_step_execution_context set short_context = '{}', serialized_context = null",
				"update batch_job_execution_context set short_context = '{}', serialized_context = null");
		assertDoneByTheNextLaunch(stopped, PurgeTester.everyThird(4));
	}

	@Test
	void rangesStayWhatTheyWereWhenTheNumberOfPartitionsChanges() {
		RunReport stopped = stopAfterDeletes(10);
		List<KeyRange> before = bounds(stopped);
		RunReport report = assertDoneByTheNextLaunch(stopped, PurgeTester.everyThird(2));
		assertThat(bounds(report)).isEqualTo(before).hasSize(4);
	}

	@Test
	void aRunThatWasStoppedBeforeItWasSplitIsCarriedOn() {
		PurgeJobs jobs = this.tester.jobs(this.store);
		jobs.requestStop("at once");
		RunReport stopped = this.tester.run(jobs, PurgeTester.everyThird(4), RunMode.PURGE, false);
		assertThat(stopped.counts().listed()).isZero();
		assertDoneByTheNextLaunch(stopped, PurgeTester.everyThird(4));
	}

	@Test
	void aResumeListsFewPagesAgain() {
		// One range, nothing matches before the end: positions are all that is written.
		AtomicInteger pages = new AtomicInteger();
		PurgeJobs[] jobs = new PurgeJobs[1];
		jobs[0] = this.tester.jobs(new ForwardingKeyValueStore(this.store) {
			@Override
			public KeyPage list(KeyRange range, ListingPosition from, int limit) {
				if (pages.incrementAndGet() == 110) {
					jobs[0].requestStop("enough");
				}
				return super.list(range, from, limit);
			}
		});
		String nothing = PurgeTester.definition("[\"\"]", "metadata.n < 0", 1);
		RunReport stopped = this.tester.run(jobs[0], nothing, RunMode.PURGE, false);
		assertThat(stopped.run().state()).isEqualTo(RunState.STOPPED);
		assertThat(stopped.counts().listed()).isPositive();
		RunReport report = this.tester.run(this.store, nothing);
		assertThat(report.counts().listed()).isEqualTo(KEYS);
		assertThat(report.totals().calls().list())
			.isLessThanOrEqualTo(KEYS / PAGE + 1 + BulkCallItemWriter.PAGES_UNSAVED);
	}

	@Test
	void fourAttemptsAddUpToExactCounts() {
		RunReport report = stopAfterDeletes(3);
		for (int attempt = 2; attempt <= 3; attempt++) {
			report = stopAfterDeletes(3);
			assertThat(report.run().attempts()).isEqualTo(attempt);
		}
		assertDoneByTheNextLaunch(report, PurgeTester.everyThird(4));
	}

	private List<KeyRange> bounds(RunReport report) {
		return this.tester.ledger((ledger) -> ledger.ranges(report.run().id()))
			.stream()
			.map(LedgerRange::bounds)
			.toList();
	}

	private RunReport stopAfterDeletes(int count) {
		return this.tester.runStoppedAfter(this.store, count, PurgeTester.everyThird(4));
	}

	/** As if the power failed: an error that nobody expects. */
	private RunReport dieInDelete(boolean done) {
		AtomicInteger deletes = new AtomicInteger();
		RunReport report = this.tester.run(new ForwardingKeyValueStore(this.store) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				if (deletes.incrementAndGet() < 8) {
					return super.delete(entries);
				}
				if (done) {
					super.delete(entries);
				}
				throw new IllegalStateException("power failure");
			}
		}, PurgeTester.everyThird(4));
		assertThat(report.run().state()).isEqualTo(RunState.FAILED);
		assertThat(report.errors()).isNotEmpty().singleElement().asString().endsWith("power failure");
		return report;
	}

	private RunReport assertDoneByTheNextLaunch(RunReport before, String definition) {
		RunReport report = this.tester.run(this.store, definition);
		assertThat(report.run().state()).as(String.valueOf(report.errors())).isEqualTo(RunState.COMPLETED);
		assertThat(report.run().id()).isEqualTo(before.run().id());
		assertThat(report.run().attempts()).isEqualTo(before.run().attempts() + 1);
		assertThat(this.store.snapshot().keySet()).containsExactlyElementsOf(PurgeTester.staying(KEYS));
		assertThat(report.counts().listed()).isEqualTo(KEYS);
		assertThat(report.counts().deleted()).isEqualTo(KEYS / 3);
		this.tester.assertDeletedExactlyOnce(report.run().id(), PurgeTester.going(KEYS));
		assertThat(Collections.max(List.of(report.counts().vanished(), report.counts().spared()))).isZero();
		assertThat(deletedByValue(report).values().stream().mapToLong(Long::longValue).sum()).isEqualTo(KEYS / 3);
		return report;
	}

	/** How many of the deleted entries had which value, as the ledger counts it. */
	private Map<String, Long> deletedByValue(RunReport report) {
		return this.tester
			.<Map<String, Map<String, Long>>>ledger((ledger) -> ledger.findings(report.run().id()).values())
			.get("n");
	}

}
