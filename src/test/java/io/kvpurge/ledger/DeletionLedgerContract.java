package io.kvpurge.ledger;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import io.kvpurge.store.Cursor;
import io.kvpurge.store.Guarantee;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.ListingPosition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** What every database must do as the ledger's. */
abstract class DeletionLedgerContract extends LedgerContract {

	private static final Key BINARY = Key.of(new byte[] { 'p', (byte) 0xff, 0 });

	@Test
	void beginWritesTheRunDown() {
		RunFence fence = begin("cache");
		assertThat(fence).isEqualTo(new RunFence(new RunId("cache", 1), 1));
		PurgeRun run = this.ledger.find(fence.run());
		assertThat(run).isNotNull();
		assertThat(run.identity()).isEqualTo(identity("cache"));
		assertThat(run.definitionText()).isEqualTo("name: cache");
		assertThat(run.origin()).isEqualTo(ORIGIN);
		assertThat(run.guarantee()).isEqualTo(Guarantee.LIST_THEN_DELETE);
		assertThat(run.tellsVanished()).isTrue();
		assertThat(run.state()).isEqualTo(RunState.RUNNING);
		assertThat(run.attempts()).isOne();
		assertThat(run.reason()).isNull();
		assertThat(run.endedAt()).isNull();
		assertThat(run.seal()).isNull();
		assertThat(run.forecast()).isNull();
	}

	@Test
	void runsAreNumberedWithinTheirDefinition() {
		begin("a");
		begin("b");
		begin("a");
		assertThat(this.ledger.runs("a")).extracting(PurgeRun::id)
			.containsExactly(new RunId("a", 2), new RunId("a", 1));
		assertThat(this.ledger.runs("none")).isEmpty();
		assertThat(this.ledger.definitions()).containsExactly("a", "b");
	}

	@Test
	void latestIsTheNewestOfItsMode() {
		begin("a");
		RunIdentity plan = new RunIdentity("a", "digest-of-a", "{}", "memory:test", RunMode.PLAN, AS_OF);
		this.ledger.begin(plan, "name: a", Guarantee.COMPARE_AND_DELETE, false, ORIGIN, null);
		assertThat(this.ledger.latest("a", null)).extracting(PurgeRun::id).isEqualTo(new RunId("a", 2));
		assertThat(this.ledger.latest("a", RunMode.PURGE)).extracting(PurgeRun::id).isEqualTo(new RunId("a", 1));
		assertThat(this.ledger.latest("a", RunMode.PLAN)).extracting(PurgeRun::guarantee)
			.isEqualTo(Guarantee.COMPARE_AND_DELETE);
		assertThat(this.ledger.latest("b", null)).isNull();
		assertThat(this.ledger.find(new RunId("a", 3))).isNull();
	}

	@Test
	void noMoreIsAnnouncedThanMayBeDeleted() {
		RunFence fence = beginWithRanges("cache", 2);
		delete(fence, 1, "a", "b");
		LedgerCall doubtful = this.ledger.announce(fence, 2, keys("c", "d", "e"), 6L);
		assertThat(doubtful.keys()).isEqualTo(keys("c", "d", "e"));
		assertThat(this.ledger.announce(fence, 1, keys("f", "g"), 6L).keys()).isEqualTo(keys("f"));
		assertThatExceptionOfType(LimitReachedException.class)
			.isThrownBy(() -> this.ledger.announce(fence, 1, keys("g"), 6L));
		assertThat(this.ledger.announce(fence, 1, keys("g"), 7L).keys()).isEqualTo(keys("g"));
		assertThat(this.ledger.unsettled(fence.run(), 1)).hasSize(2);
	}

	/** All announce at once, so that each could count before the others have written. */
	@Test
	void announcementsAtOnceDoNotTakeTheSameRest() throws Exception {
		int ranges = 8;
		RunFence fence = beginWithRanges("cache", ranges);
		ExecutorService threads = Executors.newFixedThreadPool(ranges);
		try {
			for (int round = 1; round <= 5; round++) {
				long limit = round * 10L;
				CyclicBarrier together = new CyclicBarrier(ranges);
				List<Callable<Integer>> announcing = IntStream.rangeClosed(1, ranges)
					.<Callable<Integer>>mapToObj((range) -> () -> {
						together.await();
						return announced(fence, range, limit);
					})
					.toList();
				int taken = 0;
				for (Future<Integer> result : threads.invokeAll(announcing)) {
					taken += result.get();
				}
				assertThat(taken).as("round %d", round).isEqualTo(10);
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	private int announced(RunFence fence, int range, long limit) {
		try {
			return this.ledger.announce(fence, range, keys("a", "b", "c"), limit).keys().size();
		}
		catch (LimitReachedException ex) {
			return 0;
		}
	}

	@Test
	void whatDidNotGoDoesNotCount() {
		RunFence fence = beginWithRanges("cache", 1);
		LedgerCall call = this.ledger.announce(fence, 1, keys("a", "b", "c", "d"), 4L);
		this.ledger.settle(fence, call,
				List.of(KeyOutcome.of(Outcome.DELETED), KeyOutcome.of(Outcome.SPARED), KeyOutcome.of(Outcome.VANISHED),
						KeyOutcome.of(Outcome.LEFT)),
				new RangeProgress(ListingPosition.START, new EntryCounts(1, 0, 0, 0, 1, 1, 0, 0, 0), CallCounts.ZERO,
						Map.of(), false));
		assertThat(this.ledger.announce(fence, 1, keys("d", "e", "f", "g"), 4L).keys()).isEqualTo(keys("d", "e", "f"));
	}

	@Test
	void aNewAttemptCountsWhatThoseBeforeItDeleted() {
		RunFence fence = beginWithRanges("cache", 1);
		delete(fence, 1, "a", "b");
		this.ledger.end(fence, RunState.BLOCKED, "enough");
		assertThat(this.ledger.find(fence.run()).state()).isEqualTo(RunState.BLOCKED);
		RunFence next = this.ledger.takeOver(fence.run(), ORIGIN);
		assertThat(this.ledger.announce(next, 1, keys("c", "d"), 3L).keys()).isEqualTo(keys("c"));
	}

	@Test
	void aRunThatFoundEverythingBeginsToDeleteOnce() {
		RunFence fence = begin("cache");
		this.ledger.findFirst(fence, true);
		assertThat(this.ledger.find(fence.run()).stage()).isEqualTo(RunStage.FINDING);
		this.ledger.saveRanges(fence, List.of(KeyRange.of(Key.of(""))));
		this.ledger.plan(fence, 1, keys("a", "b"), new RangeProgress(new ListingPosition(null, Key.of("b")),
				new EntryCounts(2, 0, 0, 0, 2, 0, 0, 0, 0), new CallCounts(1, 0, 0, 0), Map.of(), true));
		assertThat(this.ledger.totals(fence.run()).rangesDone()).as("what was found is not done").isZero();
		this.ledger.beginDeleting(fence);
		RangeProgress begun = this.ledger.ranges(fence.run()).get(0).progress();
		assertThat(begun).isEqualTo(new RangeProgress(ListingPosition.START, new EntryCounts(2, 0, 0, 0, 2, 0, 0, 0, 0),
				new CallCounts(1, 0, 0, 0), Map.of(), false));
		assertThat(this.ledger.find(fence.run()).stage()).isEqualTo(RunStage.DELETING);
		delete(fence, 1, "a", "b");
		RangeProgress deleted = this.ledger.ranges(fence.run()).get(0).progress();
		this.ledger.beginDeleting(fence);
		assertThat(this.ledger.ranges(fence.run()).get(0).progress()).isEqualTo(deleted);
		assertThat(this.ledger.call(fence.run(), 1, 2).outcomes()).isEqualTo(all(Outcome.DELETED, 2));
	}

	@Test
	void aPlanKeepsItsKeysAndWhatItFound() {
		RunFence fence = plan("cache");
		LedgerRange range = this.ledger.ranges(fence.run()).get(0);
		assertThat(range.progress()).isEqualTo(planned("z", 3, true));
		assertThat(this.ledger.findings(fence.run())).isEqualTo(range.progress().findings());
		assertThat(this.ledger.unsettled(fence.run(), 1)).isEmpty();
		LedgerCall block = this.ledger.call(fence.run(), 1, 2);
		assertThat(block.keys()).isEqualTo(keys("größe 😀"));
		assertThat(block.outcomes()).isEqualTo(all(Outcome.PLANNED, 1));
		assertThat(this.ledger.call(fence.run(), 1, 3)).isNull();
		assertThat(this.ledger.find(fence.run()).forecast().ways().get("run"))
			.isEqualTo(new Forecast.Effort(4, 1L, 0.25, null));
		this.ledger.seal(fence, RunState.COMPLETED, "done");
		assertIntact(this.ledger.verify(fence.run()), 1, 2);
	}

	@Test
	void nobodyElsePlans() {
		RunFence fence = plan("cache");
		this.ledger.takeOver(fence.run(), ORIGIN);
		assertThatExceptionOfType(FencedException.class)
			.isThrownBy(() -> this.ledger.plan(fence, 1, keys("c"), planned("c", 4, true)));
		assertThatExceptionOfType(FencedException.class)
			.isThrownBy(() -> this.ledger.forecast(fence, new Forecast(Map.of())));
		assertThat(this.ledger.call(fence.run(), 1, 3)).isNull();
	}

	@Test
	void aRunThatAppliesAPlanNamesIt() {
		RunIdentity applied = new RunIdentity("cache", "digest-of-cache", "{}", "memory:test", RunMode.APPLY, AS_OF, 1);
		plan("cache");
		RunFence fence = this.ledger.begin(applied, "name: cache", Guarantee.COMPARE_AND_DELETE, true, ORIGIN, null);
		assertThat(this.ledger.find(fence.run()).identity()).isEqualTo(applied);
		this.ledger.seal(fence, RunState.COMPLETED, "done");
		assertThat(this.ledger.verify(fence.run()).problem()).isNull();
	}

	@Test
	void whereARunSavesFirstItStays() {
		RunFence fence = begin("cache");
		assertThat(this.ledger.find(fence.run()).backup()).isNull();
		assertThat(this.ledger.backup(fence, "/mnt/saved")).isEqualTo("/mnt/saved");
		assertThat(this.ledger.backup(fence, PurgeRun.BESIDE_LEDGER)).isEqualTo("/mnt/saved");
		RunFence taken = this.ledger.takeOver(fence.run(), ORIGIN);
		assertThat(this.ledger.find(fence.run()).backup()).isEqualTo("/mnt/saved");
		assertThatExceptionOfType(FencedException.class).isThrownBy(() -> this.ledger.backup(fence, "/mnt/other"));
		assertThat(this.ledger.backup(taken, "/mnt/other")).isEqualTo("/mnt/saved");
	}

	@Test
	void callsOfARestoreCountLikeTheirCounterparts() {
		RestoreTerms terms = new RestoreTerms(1, null, false);
		RunFence fence = this.ledger.begin(
				new RunIdentity("cache", "digest-of-cache", "{}", "memory:test", RunMode.RESTORE, AS_OF, null, terms),
				"name: cache", Guarantee.LIST_THEN_DELETE, true, ORIGIN, null);
		this.ledger.saveRanges(fence, List.of(KeyRange.of(Key.of(""))));
		LedgerCall call = this.ledger.announce(fence, 1, keys("a", "b", "c", "d", "e"));
		List<KeyOutcome> outcomes = List.of(KeyOutcome.of(Outcome.RESTORED), KeyOutcome.of(Outcome.FOUND),
				KeyOutcome.of(Outcome.EXISTING), KeyOutcome.of(Outcome.EXPIRED),
				new KeyOutcome(Outcome.REFUSED, "damaged"));
		this.ledger.settle(fence, call, outcomes, new RangeProgress(ListingPosition.START,
				new EntryCounts(5, 0, 0, 0, 5, 2, 1, 1, 1), CallCounts.ZERO, Map.of(), true, null));
		assertThat(this.ledger.calls(fence.run(), 1)).isEqualTo(1);
		assertThat(this.ledger.call(fence.run(), 1, 1)).extracting(LedgerCall::outcomes).isEqualTo(outcomes);
		assertThat(this.ledger.doneBehindPosition(fence.run(), 1)).as("restored and expired ones do not come again")
			.containsExactlyElementsOf(keys("a", "b", "d"));
		this.ledger.seal(fence, RunState.COMPLETED, "restored");
		assertThat(this.ledger.verify(fence.run()).problem()).isNull();
	}

	@Test
	void aRunHasTheTextThatItWasLaunchedWith() {
		begin("cache");
		RunFence other = this.ledger.begin(identity("cache"), "name: cache # longer valid", Guarantee.LIST_THEN_DELETE,
				true, ORIGIN, null);
		assertThat(this.ledger.runs("cache")).extracting(PurgeRun::definitionText)
			.containsExactly("name: cache # longer valid", "name: cache");
		this.ledger.seal(other, RunState.COMPLETED, "done");
		assertThat(this.ledger.verify(other.run()).problem()).isNull();
	}

	@Test
	void takeOverRaisesTheFence() {
		RunFence first = begin("cache");
		RunOrigin other = new RunOrigin("joe", "host-2", 1, "0.2.0");
		RunFence second = this.ledger.takeOver(first.run(), other);
		assertThat(second.fence()).isGreaterThan(first.fence());
		PurgeRun run = this.ledger.find(first.run());
		assertThat(run.attempts()).isEqualTo(2);
		assertThat(run.origin()).isEqualTo(other);
		assertThat(run.fence()).isEqualTo(second.fence());
	}

	@Test
	void olderFenceWritesNothing() {
		RunFence old = beginWithRanges("cache", 1);
		LedgerCall call = this.ledger.announce(old, 1, keys("a"));
		this.ledger.takeOver(old.run(), ORIGIN);
		String before = content();
		assertFenced(() -> this.ledger.announce(old, 1, keys("b")));
		assertFenced(() -> this.ledger.settle(old, call, all(Outcome.DELETED, 1), RangeProgress.START));
		assertFenced(() -> this.ledger.save(old, 1, RangeProgress.START));
		assertFenced(() -> this.ledger.saveRanges(old, List.of(KeyRange.of(Key.of("x")))));
		assertFenced(() -> this.ledger.end(old, RunState.STOPPED, "stopped"));
		assertFenced(() -> this.ledger.seal(old, RunState.COMPLETED, "done"));
		assertThat(content()).isEqualTo(before);
	}

	@Test
	void fenceIsVoidOnceTheAttemptHasEnded() {
		RunFence fence = beginWithRanges("cache", 1);
		this.ledger.end(fence, RunState.STOPPED, "stopped");
		assertFenced(() -> this.ledger.announce(fence, 1, keys("a")));
	}

	private static void assertFenced(ThrowingCallable write) {
		assertThatExceptionOfType(FencedException.class).isThrownBy(write).withMessageContaining("cache.1");
	}

	@Test
	void rangesAreSavedOnceAndKept() {
		RunFence fence = begin("cache");
		assertThat(this.ledger.ranges(fence.run())).isEmpty();
		List<KeyRange> bounds = List.of(new KeyRange(Key.of(""), null, Key.of("größe/😀")),
				new KeyRange(Key.of("p"), BINARY, null), new KeyRange(BINARY, Key.of("a\"b\u0000"), BINARY));
		List<LedgerRange> saved = this.ledger.saveRanges(fence, bounds);
		assertThat(saved).extracting(LedgerRange::bounds).isEqualTo(bounds);
		assertThat(saved).extracting(LedgerRange::number).containsExactly(1, 2, 3);
		assertThat(saved).extracting(LedgerRange::progress).containsOnly(RangeProgress.START);
		assertThat(this.ledger.saveRanges(fence, List.of(KeyRange.of(Key.of("other"))))).isEqualTo(saved);
		assertThat(this.ledger.ranges(fence.run())).isEqualTo(saved);
	}

	@Test
	void keysThatWentWithCallsThatOthersSurvivedOrWhoseAnswerWasLostAreKnown() {
		RunFence fence = beginWithRanges("cache", 2);
		LedgerCall whole = this.ledger.announce(fence, 1, keys("a", "b"));
		this.ledger.settle(fence, whole, all(Outcome.DELETED, 2), RangeProgress.START);
		LedgerCall part = this.ledger.announce(fence, 1, keys("c", "d", "e", "f"));
		assertThat(this.ledger.doneBehindPosition(fence.run(), 1)).isEmpty();
		this.ledger.settle(fence, part, List.of(KeyOutcome.of(Outcome.DELETED), KeyOutcome.of(Outcome.LEFT),
				KeyOutcome.of(Outcome.INFERRED), KeyOutcome.of(Outcome.VANISHED)), RangeProgress.START);
		LedgerCall nothing = this.ledger.announce(fence, 1, keys("g"));
		this.ledger.settle(fence, nothing, all(Outcome.LEFT, 1), RangeProgress.START);
		LedgerCall lost = this.ledger.announce(fence, 1, keys("h", "i"));
		this.ledger.settle(fence, lost, all(Outcome.INFERRED, 2), RangeProgress.START);
		assertThat(this.ledger.doneBehindPosition(fence.run(), 1))
			.containsExactlyElementsOf(keys("c", "e", "f", "h", "i"));
		assertThat(this.ledger.doneBehindPosition(fence.run(), 2)).isEmpty();
	}

	@Test
	void announcedCallStandsUntilItIsSettled() {
		RunFence fence = beginWithRanges("cache", 2);
		LedgerCall first = this.ledger.announce(fence, 1, List.of(Key.of("a"), BINARY));
		assertThat(this.ledger.unsettled(fence.run(), 1)).containsExactly(first);
		assertThat(this.ledger.unsettled(fence.run(), 2)).isEmpty();
		List<KeyOutcome> outcomes = List.of(KeyOutcome.of(Outcome.SPARED),
				new KeyOutcome(Outcome.REFUSED, "röt\n\"x\""));
		this.ledger.settle(fence, first, outcomes, RangeProgress.START);
		assertThat(this.ledger.unsettled(fence.run(), 1)).isEmpty();
		assertThat(calls(fence.run())).singleElement().satisfies((call) -> {
			assertThat(call.keys()).isEqualTo(first.keys());
			assertThat(call.outcomes()).isEqualTo(outcomes);
			assertThat(call.announcedAt()).isEqualTo(first.announcedAt());
			assertThat(call.settledAt()).isAfter(call.announcedAt());
		});
	}

	@Test
	void callIsSettledOnce() {
		RunFence fence = beginWithRanges("cache", 1);
		LedgerCall call = delete(fence, 1, "a");
		String before = content();
		assertThatIllegalStateException()
			.isThrownBy(() -> this.ledger.settle(fence, call, all(Outcome.SPARED, 1), RangeProgress.START))
			.withMessage("call 1 of range 1 of run cache.1 is settled already");
		assertThat(content()).isEqualTo(before);
	}

	@Test
	void settleFitsItsCall() {
		RunFence fence = beginWithRanges("cache", 1);
		LedgerCall call = this.ledger.announce(fence, 1, keys("a", "b"));
		RunFence other = beginWithRanges("other", 1);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.ledger.settle(fence, call, all(Outcome.DELETED, 1), RangeProgress.START));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.ledger.settle(other, call, all(Outcome.DELETED, 2), RangeProgress.START));
		assertThatIllegalArgumentException().isThrownBy(() -> this.ledger.announce(fence, 1, List.of()));
		assertThatIllegalStateException().isThrownBy(() -> this.ledger.save(fence, 2, RangeProgress.START));
		assertThat(this.ledger.unsettled(fence.run(), 1)).containsExactly(call);
	}

	@Test
	void outcomesAndCountsAreKeptExactly() {
		RunFence fence = beginWithRanges("cache", 1);
		LedgerCall call = this.ledger.announce(fence, 1, keys("a", "b", "c", "d", "e", "f", "g"));
		List<KeyOutcome> outcomes = new ArrayList<>(all(Outcome.DELETED, 2));
		for (Outcome outcome : List.of(Outcome.INFERRED, Outcome.VANISHED, Outcome.SPARED, Outcome.REFUSED,
				Outcome.LEFT)) {
			outcomes.add(KeyOutcome.of(outcome));
		}
		RangeProgress progress = new RangeProgress(new ListingPosition(new Cursor("größe 1"), BINARY),
				new EntryCounts(1, 2, 3, 4, 5, 6, 7, 8, 9), new CallCounts(10, 11, 12, 13),
				Map.of("metadata.x is missing", 4L, "ü", 1L), true);
		this.ledger.settle(fence, call, outcomes, progress);
		assertThat(this.ledger.ranges(fence.run()).get(0).progress()).isEqualTo(progress);
		assertThat(calls(fence.run()).get(0).outcomes()).isEqualTo(outcomes);
		assertThat(this.jdbc.sql("select outcomes from purge_call").query(String.class).single())
			.isEqualTo("2D 1I 1V 1S 1R 1L");
		assertThat(this.jdbc.sql("select deleted, inferred, vanished, spared, refused, left_over from purge_call")
			.query()
			.singleRow()
			.values()).containsExactly(2, 1, 1, 1, 1, 1);
	}

	@Test
	void positionsAreReadBackAsSaved() {
		RunFence fence = beginWithRanges("cache", 1);
		for (ListingPosition position : List.of(ListingPosition.START, ListingPosition.at(new Cursor("c\u0001")),
				new ListingPosition(null, Key.of("a😀")), new ListingPosition(new Cursor("{}"), BINARY))) {
			this.ledger.save(fence, 1, new RangeProgress(position, EntryCounts.ZERO, CallCounts.ZERO, Map.of(), false));
			assertThat(this.ledger.ranges(fence.run()).get(0).progress().position()).isEqualTo(position);
		}
	}

	@Test
	void totalsAreTheSumOverTheRanges() {
		RunFence fence = beginWithRanges("cache", 3);
		EntryCounts counts = new EntryCounts(9, 1, 1, 3, 4, 1, 1, 1, 1);
		CallCounts calls = new CallCounts(1, 2, 3, 4);
		this.ledger.save(fence, 1,
				new RangeProgress(ListingPosition.START, counts, calls, Map.of("rare", 1L, "often", 2L), true));
		this.ledger.save(fence, 3,
				new RangeProgress(ListingPosition.START, counts, calls, Map.of("often", 3L, "b", 1L), false));
		RunTotals totals = this.ledger.totals(fence.run());
		assertThat(totals.ranges()).isEqualTo(3);
		assertThat(totals.rangesDone()).isOne();
		assertThat(totals.counts()).isEqualTo(counts.plus(counts));
		assertThat(totals.calls()).isEqualTo(new CallCounts(2, 4, 6, 8));
		assertThat(totals.reasons().toString()).isEqualTo("{often=5, b=1, rare=1}");
		assertThat(this.ledger.totals(new RunId("none", 1))).isEqualTo(RunTotals.of(null, List.of()));
	}

	@Test
	void endedAttemptIsCarriedOn() {
		RunFence fence = begin("cache");
		this.ledger.end(fence, RunState.FAILED, "the store\nis away\u0000: " + "größe😀".repeat(5000));
		PurgeRun failed = this.ledger.find(fence.run());
		assertThat(failed.state()).isEqualTo(RunState.FAILED);
		assertThat(failed.reason()).startsWith("the store is away : größe😀").hasSizeGreaterThan(30000);
		assertThat(failed.endedAt()).isAfter(failed.startedAt());
		RunFence second = this.ledger.takeOver(fence.run(), ORIGIN);
		this.ledger.end(second, RunState.STOPPED, "stopped");
		RunFence third = this.ledger.takeOver(fence.run(), ORIGIN);
		PurgeRun running = this.ledger.find(fence.run());
		assertThat(running.state()).isEqualTo(RunState.RUNNING);
		assertThat(running.attempts()).isEqualTo(3);
		assertThat(running.reason()).isNull();
		assertThat(running.endedAt()).isNull();
		assertThat(running.fence()).isEqualTo(third.fence());
		assertThatIllegalArgumentException().isThrownBy(() -> this.ledger.end(third, RunState.COMPLETED, "done"));
		assertThatIllegalArgumentException().isThrownBy(() -> this.ledger.end(third, RunState.RUNNING, "going on"));
	}

	@Test
	void sealedRunIsNotTakenOver() {
		RunFence fence = begin("cache");
		assertThatIllegalArgumentException().isThrownBy(() -> this.ledger.seal(fence, RunState.FAILED, "x"));
		String seal = this.ledger.seal(fence, RunState.COMPLETED, "done");
		assertThat(seal).matches("[0-9a-f]{64}");
		assertThat(this.ledger.find(fence.run()).seal()).isEqualTo(seal);
		assertThatIllegalStateException().isThrownBy(() -> this.ledger.takeOver(fence.run(), ORIGIN))
			.withMessage("run cache.1 cannot be carried on: it is COMPLETED");
		assertThatIllegalStateException().isThrownBy(() -> this.ledger.takeOver(new RunId("cache", 2), ORIGIN))
			.withMessage("run cache.2 cannot be carried on: there is none");
	}

	@Test
	void sealsChainInTheOrderOfSealing() {
		RunFence first = begin("cache");
		RunFence second = begin("cache");
		RunFence third = begin("cache");
		String secondSeal = this.ledger.seal(second, RunState.SUPERSEDED, "newer digest");
		String firstSeal = this.ledger.seal(first, RunState.COMPLETED, "done");
		this.ledger.seal(third, RunState.COMPLETED, "done");
		this.ledger.seal(begin("other"), RunState.COMPLETED, "done");
		assertThat(this.jdbc.sql("select previous_seal from purge_run where name = 'cache' order by number")
			.query((row, index) -> String.valueOf(row.getString(1)))
			.list()).containsExactly(secondSeal, "null", firstSeal);
		assertThat(List.of(first, second, third))
			.allSatisfy((fence) -> assertIntact(this.ledger.verify(fence.run()), 0, 0));
	}

	@Test
	void timesAreReadBackEqualWhateverTheTimeZoneOfTheProcess() {
		TimeZone before = TimeZone.getDefault();
		try {
			// This night has no half past two in New York's spring.
			TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
			Instant missing = Instant.parse("2026-03-08T07:30:00.000001999Z");
			RunIdentity identity = new RunIdentity("zone", "z", "{}", "s", RunMode.PURGE, missing);
			RunFence fence = this.ledger.begin(identity, "t", Guarantee.LIST_THEN_DELETE, true, ORIGIN, null);
			this.ledger.saveRanges(fence, List.of(KeyRange.of(Key.of(""))));
			LedgerCall call = delete(fence, 1, "a");
			this.ledger.seal(fence, RunState.COMPLETED, "done");
			TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
			assertThat(this.ledger.find(fence.run()).identity()).isEqualTo(identity);
			assertThat(identity.asOf()).isEqualTo(missing.truncatedTo(ChronoUnit.MICROS));
			assertThat(calls(fence.run()).get(0).announcedAt()).isEqualTo(call.announcedAt());
			assertThat(this.ledger.verify(fence.run()).problem()).isNull();
		}
		finally {
			TimeZone.setDefault(before);
		}
	}

	@Test
	void callsAreShownByRangeAndSequence() {
		RunFence fence = beginWithRanges("cache", 2);
		for (int i = 0; i < 33; i++) {
			delete(fence, 1 + i % 2, "k" + i);
		}
		List<LedgerCall> calls = calls(fence.run());
		assertThat(calls).hasSize(33);
		assertThat(calls.subList(0, 17)).allMatch((call) -> call.range() == 1);
		assertThat(calls.subList(17, 33)).extracting(LedgerCall::sequence).isSorted().endsWith(16);
		assertIntact(this.ledger.verify(fence.run()), 2, 33);
	}

	@Test
	void severalThreadsWriteEachToARangeOfItsOwn() throws Exception {
		RunFence fence = beginWithRanges("cache", 8);
		ExecutorService threads = Executors.newFixedThreadPool(8);
		try {
			List<Callable<Object>> work = new ArrayList<>();
			for (int range = 1; range <= 8; range++) {
				int number = range;
				work.add(() -> {
					for (int i = 0; i < 20; i++) {
						delete(fence, number, "k" + i);
					}
					return number;
				});
			}
			for (Future<Object> done : threads.invokeAll(work)) {
				done.get();
			}
		}
		finally {
			threads.shutdown();
		}
		assertThat(this.ledger.totals(fence.run()).counts().deleted()).isEqualTo(160);
		assertIntact(this.ledger.verify(fence.run()), 8, 160);
	}

	private List<LedgerCall> calls(RunId run) {
		List<LedgerCall> calls = new ArrayList<>();
		this.ledger.calls(run, calls::add);
		return calls;
	}

	@Test
	void everyAttemptIsWrittenDown() {
		RunFence first = beginWithRanges("cache", 2);
		delete(first, 1, "a", "b");
		this.ledger.end(first, RunState.FAILED, "no route to the store");
		RunFence second = this.ledger.takeOver(first.run(), new RunOrigin("joe", "host-2", 7, "0.2.0"));
		this.ledger.seal(second, RunState.COMPLETED, "done");
		List<RunAttempt> attempts = this.ledger.attempts(first.run());
		assertThat(attempts).extracting(RunAttempt::number).containsExactly(1, 2);
		assertThat(attempts).extracting(RunAttempt::state).containsExactly(RunState.FAILED, RunState.COMPLETED);
		assertThat(attempts).extracting(RunAttempt::reason).containsExactly("no route to the store", "done");
		assertThat(attempts).extracting((attempt) -> attempt.origin().user()).containsExactly("jane", "joe");
		assertThat(attempts).extracting(RunAttempt::progress).containsExactly(0L, 4L);
		assertThat(attempts).allMatch((attempt) -> attempt.endedAt() != null);
		assertThat(this.ledger.verify(first.run()).problem()).isNull();
	}

	@Test
	void anAttemptThatDiedIsClosedByTheNext() {
		RunFence first = beginWithRanges("cache", 1);
		this.ledger.prove(first);
		this.ledger.takeOver(first.run(), ORIGIN);
		RunAttempt dead = this.ledger.attempts(first.run()).get(0);
		assertThat(dead.state()).isEqualTo(RunState.FAILED);
		assertThat(dead.reason()).isEqualTo("died; its last sign of life was at " + dead.aliveAt());
	}

	@Test
	void whoLostItsRunIsToldWhenItProvesItself() {
		RunFence first = beginWithRanges("cache", 1);
		this.ledger.prove(first);
		RunFence second = this.ledger.takeOver(first.run(), ORIGIN);
		assertThatExceptionOfType(FencedException.class).isThrownBy(() -> this.ledger.prove(first));
		this.ledger.prove(second);
		this.ledger.end(second, RunState.STOPPED, "by hand");
		assertThatExceptionOfType(FencedException.class).isThrownBy(() -> this.ledger.prove(second));
	}

	@Test
	void whatARunReplacesIsKept() {
		RunFence given = begin("cache");
		this.ledger.seal(given, RunState.SUPERSEDED, "it came no further");
		RunFence anew = this.ledger.begin(identity("cache"), "name: cache", Guarantee.LIST_THEN_DELETE, true, ORIGIN,
				given.run());
		assertThat(this.ledger.find(anew.run()).replaces()).isEqualTo(1);
		this.ledger.seal(anew, RunState.COMPLETED, "done");
		this.jdbc.sql("update purge_run set replaces = null where number = 2").update();
		assertThat(this.ledger.verify(anew.run()).problem()).contains("not what was sealed");
	}

	@Test
	void callsAreShownWithoutTheirKeys() {
		RunFence fence = beginWithRanges("cache", 3);
		delete(fence, 1, "a", "b");
		LedgerCall doubtful = this.ledger.announce(fence, 2, keys("c", "d", "e"));
		LedgerCall first = this.ledger.call(fence.run(), 1, 1);
		assertThat(summaries(fence.run())).containsExactly(
				new CallSummary(1, 1, 1, 2, false, new OutcomeCounts(2, 0, 0, 0, 0, 0), first.announcedAt(),
						first.settledAt()),
				new CallSummary(2, 1, 1, 3, false, new OutcomeCounts(0, 0, 0, 0, 0, 0), doubtful.announcedAt(), null));
		assertThat(summaries(plan("plan").run())).hasSize(2).allMatch(CallSummary::planned);
	}

	private List<CallSummary> summaries(RunId run) {
		List<CallSummary> summaries = new ArrayList<>();
		this.ledger.callSummaries(run, summaries::add);
		return summaries;
	}

	@Test
	void whatWasFoundIsNoOutcomeAnyMoreOnceItIsBeingDeleted() {
		RunFence fence = begin("cache");
		this.ledger.findFirst(fence, true);
		this.ledger.saveRanges(fence, List.of(KeyRange.of(Key.of(""))));
		this.ledger.plan(fence, 1, keys("a", "b"), planned("b", 2, true));
		assertThat(outcomes(fence.run())).extracting(LedgerCall::isPlanned).containsExactly(true);
		this.ledger.beginDeleting(fence);
		delete(fence, 1, "a");
		this.ledger.announce(fence, 1, keys("b"));
		assertThat(outcomes(fence.run())).extracting(LedgerCall::sequence).containsExactly(2, 3);
		RunFence other = beginWithRanges("other", 1);
		this.ledger.findFirst(other, false);
		assertThat(this.ledger.find(other.run()).stage()).isNull();
	}

	private List<LedgerCall> outcomes(RunId run) {
		List<LedgerCall> outcomes = new ArrayList<>();
		this.ledger.outcomes(this.ledger.find(run), outcomes::add);
		return outcomes;
	}

	@Test
	void stepsOfARunAreShownInTheOrderInWhichTheyBegan() {
		RunFence fence = begin("cache");
		LocalDateTime noon = LocalDateTime.parse("2026-01-01T12:00:00");
		insert("batch_job_instance (job_instance_id, job_name, job_key) values (1, 'purge', '1')");
		insert("batch_job_execution (job_execution_id, job_instance_id, create_time) values (1, 1, ?)", noon);
		insert("batch_job_execution_params values (1, 'run', 'java.lang.String', ?, 'Y')", fence.run().toString());
		String step = "batch_step_execution (step_execution_id, version, step_name, job_execution_id, create_time,"
				+ " status, start_time, end_time) values (?, 1, ?, 1, ?, ?, ?, ?)";
		insert(step, 1, "range:b", noon, "STARTED", noon.plusSeconds(2), null);
		insert(step, 2, "split", noon, "COMPLETED", noon.plusSeconds(1), noon.plusSeconds(2));
		insert(step, 3, "range:c", noon, "STARTING", null, null);
		Instant begun = noon.atZone(ZoneId.systemDefault()).toInstant();
		assertThat(this.ledger.steps(fence.run())).containsExactly(
				new StepTime("split", "COMPLETED", begun.plusSeconds(1), begun.plusSeconds(2)),
				new StepTime("range:b", "STARTED", begun.plusSeconds(2), null));
		assertThat(this.ledger.steps(new RunId("cache", 2))).isEmpty();
	}

	private void insert(String what, Object... values) {
		this.jdbc.sql("insert into " + what).params(Arrays.asList(values)).update();
	}

	@Test
	void whatRangesFoundIsAddedUpTheMostFrequentFirst() {
		RunFence fence = beginWithRanges("cache", 3);
		this.ledger.save(fence, 1, found(Map.of("tag", Map.of("rare", 1L, "often", 2L)), 7));
		this.ledger.save(fence, 3, found(Map.of("tag", Map.of("often", 3L, "b", 1L), "owner", Map.of("joe", 1L)), 7));
		Findings findings = this.ledger.findings(fence.run());
		assertThat(findings.values().toString()).isEqualTo("{owner={joe=1}, tag={often=5, b=1, rare=1}}");
		assertThat(findings.sample()).extracting((sample) -> sample.key().text())
			.containsExactly("k0", "k1", "k2", "k3", "k4", "k5", "k6", "k0", "k1", "k2");
		assertThat(this.ledger.findings(begin("none").run())).isEqualTo(Findings.NONE);
	}

	private static RangeProgress found(Map<String, Map<String, Long>> values, int samples) {
		return new RangeProgress(ListingPosition.START, EntryCounts.ZERO, CallCounts.ZERO, Map.of(), false,
				new Findings(values,
						IntStream.range(0, samples)
							.mapToObj((i) -> new Findings.Sample(Key.of("k" + i), "{}"))
							.toList()));
	}

}
