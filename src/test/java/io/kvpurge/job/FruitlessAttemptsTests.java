package io.kvpurge.job;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunAttempt;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.testkit.ForwardingKeyValueStore;

import static org.assertj.core.api.Assertions.assertThat;

/** A scheduler launches again and again what fails again and again. */
class FruitlessAttemptsTests {

	private static final String RULE = PurgeTester.everyThird(1);

	private final MemoryStore store = new MemoryStore("fruitless", Clock.systemUTC());

	private PurgeTester tester;

	private Home home;

	/** Where the ledger is: here in a folder. */
	Home home(Path folder) {
		return Home.inFolder(folder, Clock.systemUTC());
	}

	@BeforeEach
	void fill(@TempDir Path folder) {
		this.home = home(folder);
		this.tester = new PurgeTester(this.home, Clock.systemUTC());
		this.store.write(PurgeTester.entries(300));
	}

	@AfterEach
	void closeHome() {
		this.home.close();
	}

	@Test
	void afterThreeAttemptsThatCameNoFurtherTheRunIsSealedAndBegunAnewOnce() {
		for (int attempt = 1; attempt <= 3; attempt++) {
			assertFailed(launchWithoutListing(), 1, attempt);
		}
		RunReport anew = launchWithoutListing();
		assertFailed(anew, 2, 1);
		assertThat(anew.run().replaces()).isEqualTo(1);
		PurgeRun given = this.tester.ledger((ledger) -> ledger.find(new RunId("test", 1)));
		assertThat(given.state()).isEqualTo(RunState.SUPERSEDED);
		assertThat(given.reason()).startsWith("given up after 3 attempts that came no further: ")
			.contains("the store is out of order");
		assertThat(this.tester.ledger((ledger) -> ledger.verify(given.id())).problem()).isNull();
		for (int attempt = 2; attempt <= 6; attempt++) {
			RunReport again = launchWithoutListing();
			assertFailed(again, 2, attempt);
			assertThat(again.run().reason()).contains("(the " + attempt + " latest attempts came no further)");
		}
		RunReport done = this.tester.run(this.store, RULE);
		assertThat(done.run().id()).isEqualTo(new RunId("test", 2));
		assertThat(done.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(this.store.snapshot().keySet()).containsExactlyElementsOf(PurgeTester.staying(300));
	}

	@Test
	void anAttemptThatDiedCountsAsOneThatFailed() {
		this.tester.run(new Unlistable(), RULE);
		this.tester.run(new Unlistable(), RULE);
		this.tester.sql("update purge_run set state = 'RUNNING', ended_at = null",
				"update purge_attempt set state = 'RUNNING', ended_at = null, reason = null where attempt = 2");
		assertFailed(launchWithoutListing(), 1, 3);
		assertFailed(launchWithoutListing(), 2, 1);
	}

	@Test
	void whoeverComesFurtherIsCarriedOnForEver() {
		for (int attempt = 1; attempt <= 6; attempt++) {
			RunReport report = this.tester.run(new OneDeleteOnly(),
					PurgeTester.definition("[\"key/\"]", PurgeTester.EVERY_THIRD, 1));
			assertFailed(report, 1, attempt);
			assertThat(report.counts().deleted()).isEqualTo(attempt);
			assertThat(report.run().reason()).doesNotContain("no further");
		}
	}

	@Test
	void attemptsThatWereStoppedAreNotFruitless() {
		for (int attempt = 1; attempt <= 4; attempt++) {
			PurgeJobs jobs = this.tester.jobs(this.store);
			jobs.requestStop("not now");
			RunReport report = this.tester.run(jobs, RULE, RunMode.PURGE, false);
			assertThat(report.run().state()).isEqualTo(RunState.STOPPED);
			assertThat(report.run().id().number()).isOne();
		}
		List<RunAttempt> attempts = this.tester.ledger((ledger) -> ledger.attempts(new RunId("test", 1)));
		assertThat(attempts).hasSize(4).allMatch((attempt) -> "not now".equals(attempt.reason()));
	}

	private RunReport launchWithoutListing() {
		return this.tester.run(new Unlistable(), RULE);
	}

	private static void assertFailed(RunReport report, int run, int attempt) {
		assertThat(report.run().state()).isEqualTo(RunState.FAILED);
		assertThat(report.run().id().number()).isEqualTo(run);
		assertThat(report.run().attempts()).isEqualTo(attempt);
	}

	private class Unlistable extends ForwardingKeyValueStore {

		Unlistable() {
			super(FruitlessAttemptsTests.this.store);
		}

		@Override
		public KeyPage list(KeyRange range, ListingPosition from, int limit) {
			throw new StoreException("the store is out of order");
		}

	}

	/** Deletes a key in its first call, and nothing after. */
	private class OneDeleteOnly extends ForwardingKeyValueStore {

		private boolean deleted;

		OneDeleteOnly() {
			super(FruitlessAttemptsTests.this.store);
		}

		@Override
		public DeleteResult delete(List<KeyEntry> entries) {
			StoreException full = new StoreException("that is enough");
			if (this.deleted) {
				throw full;
			}
			this.deleted = true;
			DeleteResult one = super.delete(entries.subList(0, 1));
			return one.and(DeleteResult
				.allUndone(entries.subList(1, entries.size()).stream().map(KeyEntry::key).toList(), full));
		}

	}

}
