package io.kvpurge.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RunAttemptTests {

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private static final Instant ALIVE = START.plusSeconds(10);

	private static final Instant END = START.plusSeconds(20);

	private static RunAttempt attempt(RunState state, @Nullable Instant endedAt, @Nullable String reason,
			long progress) {
		return new RunAttempt(1, LedgerContract.ORIGIN, START, ALIVE, endedAt, state, reason, progress);
	}

	private static RunAttempt failed(long progress) {
		return attempt(RunState.FAILED, END, "away", progress);
	}

	/** A run that listed so many, and deleted nothing. */
	private static RunTotals listed(long count) {
		return new RunTotals(1, 0, new EntryCounts(count, count, 0, 0, 0, 0, 0, 0, 0), CallCounts.ZERO, Map.of());
	}

	@Test
	void itWentOnUntilItsEndOrItsLastSignOfLife() {
		assertThat(failed(0).until()).isEqualTo(END);
		assertThat(attempt(RunState.STOPPED, END, null, 0).until()).isEqualTo(END);
		assertThat(attempt(RunState.RUNNING, null, null, 0).until()).isEqualTo(ALIVE);
		assertThat(attempt(RunState.FAILED, END, RunAttempt.DIED + "; found later", 0).until()).isEqualTo(ALIVE);
	}

	@Test
	void aRunHasProgressedIfItIsFurtherThanWhenItsLatestAttemptBegan() {
		assertThat(RunAttempt.hasProgressed(List.of(), listed(5))).isFalse();
		assertThat(RunAttempt.hasProgressed(List.of(failed(9), failed(4)), listed(5))).isTrue();
		assertThat(RunAttempt.hasProgressed(List.of(failed(0), failed(5)), listed(5))).isFalse();
	}

	@Test
	void fruitlessAttemptsAreThoseOfTheEndThatCameNoFurther() {
		assertThat(RunAttempt.fruitless(List.of(), listed(5))).isZero();
		assertThat(RunAttempt.fruitless(List.of(failed(5)), listed(5))).isOne();
		assertThat(RunAttempt.fruitless(List.of(failed(4)), listed(5))).isZero();
		RunAttempt running = attempt(RunState.RUNNING, null, null, 5);
		RunAttempt stopped = attempt(RunState.STOPPED, END, "enough", 5);
		assertThat(RunAttempt.fruitless(List.of(failed(5), stopped, failed(5), running), listed(5))).isEqualTo(2);
		assertThat(RunAttempt.fruitless(List.of(failed(5), failed(4), failed(5)), listed(5))).isOne();
		assertThat(RunAttempt.fruitless(List.of(failed(5), stopped), listed(5))).isZero();
	}

	@Test
	void everyEntryThatIsDealtWithIsProgress() {
		assertThat(new RunTotals(3, 2, new EntryCounts(100, 10, 20, 30, 40, 1, 3, 5, 7), CallCounts.ZERO, Map.of())
			.progress()).isEqualTo(2 + 100 + 1 + 3 + 5 + 7);
	}

	@Test
	void countsBalanceWhenEveryEntryWasDealtWith() {
		EntryCounts counts = new EntryCounts(100, 10, 20, 30, 40, 10, 9, 11, 10);
		assertThat(counts.judgedBalance()).isTrue();
		assertThat(counts.deletedBalance()).isTrue();
		for (EntryCounts one : List.of(new EntryCounts(1, 0, 0, 0, 0, 0, 0, 0, 0),
				new EntryCounts(0, 1, 0, 0, 0, 0, 0, 0, 0), new EntryCounts(0, 0, 1, 0, 0, 0, 0, 0, 0),
				new EntryCounts(0, 0, 0, 1, 0, 0, 0, 0, 0))) {
			assertThat(counts.plus(one).judgedBalance()).isFalse();
			assertThat(counts.plus(one).deletedBalance()).isTrue();
		}
		for (EntryCounts one : List.of(new EntryCounts(1, 0, 0, 0, 1, 0, 0, 0, 0),
				new EntryCounts(0, 0, 0, 0, 0, 1, 0, 0, 0), new EntryCounts(0, 0, 0, 0, 0, 0, 1, 0, 0),
				new EntryCounts(0, 0, 0, 0, 0, 0, 0, 1, 0), new EntryCounts(0, 0, 0, 0, 0, 0, 0, 0, 1))) {
			assertThat(counts.plus(one).judgedBalance()).isTrue();
			assertThat(counts.plus(one).deletedBalance()).isFalse();
		}
	}

	@Test
	void onlyPurgesAndAppliedPlansDelete() {
		assertThat(RunMode.values()).filteredOn(RunMode::deletes).containsExactly(RunMode.PURGE, RunMode.APPLY);
		assertThat(RunState.values()).filteredOn((state) -> !state.isResumable())
			.containsExactly(RunState.COMPLETED, RunState.SUPERSEDED);
		assertThat(Outcome.values()).filteredOn(Outcome::isDone)
			.containsExactly(Outcome.DELETED, Outcome.INFERRED, Outcome.VANISHED, Outcome.RESTORED, Outcome.FOUND,
					Outcome.EXPIRED);
		assertThat(Outcome.values()).filteredOn(Outcome::isGone)
			.containsExactly(Outcome.DELETED, Outcome.INFERRED, Outcome.VANISHED);
		assertThat(Outcome.values()).filteredOn(Outcome::isDeleted).containsExactly(Outcome.DELETED, Outcome.INFERRED);
	}

}
