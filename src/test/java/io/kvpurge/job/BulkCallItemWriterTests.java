package io.kvpurge.job;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ExecutionContext;

import io.kvpurge.filter.Decision;
import io.kvpurge.ledger.LimitReachedException;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.store.BatchTooLargeException;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.QuotaExhaustedException;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** When a range sends what it gathered, and what it learns from the answers. */
class BulkCallItemWriterTests {

	private static final Duration MAX_AGE = Duration.ofMinutes(1);

	private static final Duration PATIENCE = Duration.ofMinutes(10);

	private static final StoreException BUSY = new TransientStoreException("busy", null, null);

	private final RangeTester range = new RangeTester();

	/** The keys of each call that was sent, and how long it may take. */
	private final List<List<Key>> sent = new ArrayList<>();

	private final List<Duration> within = new ArrayList<>();

	/** What the next calls answer; after those, everything is deleted. */
	private final Deque<UnaryOperator<@Nullable DeleteResult>> answers = new ArrayDeque<>();

	private final ExecutionContext context = new ExecutionContext();

	private PagedLister lister = PagedLister.of("a b", "c d", "e");

	private RangeWork work = this.range.work();

	private int batchLimit = 2;

	private boolean comparing = true;

	private @Nullable Long maxDeletes;

	/** Sends calls: at once, if no test says otherwise. */
	private Executor executor = Runnable::run;

	private Looking looking = (rewound, doubtful) -> Map.of();

	/** Reads a range as the framework does. */
	private final class Run {

		private final KeyListingItemReader reader = BulkCallItemWriterTests.this.range
			.reader(BulkCallItemWriterTests.this.lister, BulkCallItemWriterTests.this.work);

		private final RangeReading reading = new RangeReading(this.reader, this::match);

		private final BulkCallItemWriter writer = writer(this.reading);

		private MatchedEntry match(ListedEntry item) {
			Key key = item.entry().key();
			return new MatchedEntry(item.entry(), item.page().behind(key), item.page().listedAt(),
					BulkCallItemWriterTests.this.work.judge(item.entry(), Decision.MATCHED));
		}

		/** Reads so many entries and writes them as one chunk. */
		private Run write(int count) {
			List<MatchedEntry> entries = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				entries.add(this.reading.nextMatch());
			}
			return write(entries);
		}

		/** Reads all the rest and writes it as one chunk. */
		private Run writeRest() {
			List<MatchedEntry> entries = new ArrayList<>();
			for (MatchedEntry entry = this.reading.nextMatch(); entry != null; entry = this.reading.nextMatch()) {
				entries.add(entry);
			}
			return write(entries);
		}

		/** Writes one chunk, and waits for the last call that came of it. */
		private Run write(List<MatchedEntry> chunk) {
			this.writer.write(new Chunk<>(chunk));
			this.writer.settleUnderWay();
			return this;
		}

		private Run update() {
			this.writer.update(BulkCallItemWriterTests.this.context);
			return this;
		}

	}

	private BulkCallItemWriter writer(RangeReading reading) {
		DoubtfulCalls doubtful = new DoubtfulCalls((rewound, keys) -> this.looking.look(rewound, keys), Duration.ZERO,
				this.range.stop);
		BulkCall bulkCall = new BulkCall((call, entries, time) -> {
			List<Key> keys = entries.stream().map(MatchedEntry::key).toList();
			assertThat(call.keys()).isEqualTo(keys);
			this.sent.add(keys);
			this.within.add(time);
			UnaryOperator<@Nullable DeleteResult> answer = this.answers.poll();
			DeleteResult all = DeleteResult.allDeleted(keys);
			return (answer != null) ? answer.apply(all) : all;
		}, CallOutcomes.DELETING, this.work, doubtful, this.maxDeletes, this.executor);
		return new BulkCallItemWriter(bulkCall, reading, this.work, doubtful, this.batchLimit, this.comparing, MAX_AGE,
				PATIENCE, this.range.stop, this.range.clock);
	}

	/** The next calls do nothing, for that cause. */
	private void undone(int times, StoreException cause) {
		for (int i = 0; i < times; i++) {
			this.answers.add((all) -> DeleteResult.allUndone(all.deleted(), cause));
		}
	}

	private void fails(StoreException cause) {
		this.answers.add((all) -> {
			throw cause;
		});
	}

	private ListingPosition saved() {
		return this.range.range().progress().position();
	}

	private boolean isDone() {
		return this.range.range().progress().done();
	}

	@Test
	void matchesAreGatheredUntilACallIsFull() {
		Run run = new Run().write(1).update();
		assertThat(this.sent).isEmpty();
		run.write(2);
		assertThat(this.sent).containsExactly(RangeTester.keys("a", "b"));
		run.write(1);
		assertThat(this.sent).containsExactly(RangeTester.keys("a", "b"), RangeTester.keys("c", "d"));
		assertThat(this.range.calls()).containsExactly("a=DELETED b=DELETED", "c=DELETED d=DELETED");
		assertThat(saved()).isEqualTo(new ListingPosition(PagedLister.cursor(1), Key.of("d")));
		assertThat(this.range.range().progress().counts().deleted()).isEqualTo(4);
	}

	@Test
	void theRestIsSentAtTheEndOfTheRangeWhichIsDoneThen() {
		Run run = new Run().writeRest();
		assertThat(this.sent).hasSize(2);
		assertThat(isDone()).isFalse();
		run.update();
		assertThat(this.sent).hasSize(3).endsWith(RangeTester.keys("e"));
		assertThat(isDone()).isTrue();
		assertThat(saved()).isEqualTo(new ListingPosition(PagedLister.cursor(2), Key.of("e")));
		assertThat(this.context.getString("done")).isEqualTo("true");
		assertThat(this.context.getLong("deleted")).isEqualTo(5);
		assertThat(this.context.getLong("listed")).isEqualTo(5);
		assertThat(this.context.getLong("matched")).isEqualTo(5);
		assertThat(this.context.getString("cursor")).isEqualTo("2");
		assertThat(this.context.getString("lastKey")).isEqualTo("e");
	}

	@Test
	void whatIsDoneIsNotSavedAgain() {
		Run run = new Run().writeRest().update();
		RangeWork before = this.work;
		assertThat(before.saved().done()).isTrue();
		Object progress = before.saved();
		run.update();
		assertThat(this.work.saved()).isSameAs(progress);
	}

	@Test
	void progressIsSavedWhenItWouldBeMissed() {
		this.lister = PagedLister.ofSingles(300);
		Run run = new Run();
		run.reading.nextMatch();
		this.range.clock.advance(Duration.ofMillis(499));
		run.update();
		assertThat(saved()).isEqualTo(ListingPosition.START);
		assertThat(this.context.getString("lastKey")).isEmpty();
		this.range.clock.advance(Duration.ofMillis(1));
		run.update();
		assertThat(saved().lastKey()).isEqualTo(Key.of("key/0000000"));
		assertThat(this.range.range().progress().counts().matched()).isOne();
		assertThat(isDone()).isFalse();
	}

	@Test
	void noMoreThanAHundredPagesAreListedAgain() {
		this.lister = PagedLister.ofSingles(400);
		Run run = new Run();
		for (int page = 0; page < 99; page++) {
			run.reading.nextMatch();
		}
		run.update();
		assertThat(saved()).isEqualTo(ListingPosition.START);
		run.reading.nextMatch();
		run.update();
		assertThat(saved().lastKey()).isEqualTo(Key.of("key/0000099"));
		for (int page = 0; page < 99; page++) {
			run.reading.nextMatch();
		}
		run.update();
		assertThat(saved().lastKey()).as("counted anew").isEqualTo(Key.of("key/0000099"));
	}

	@Test
	void whatWasGatheredIsSentAfterAHundredPages() {
		this.lister = PagedLister.ofSingles(400);
		this.batchLimit = 1000;
		Run run = new Run().write(99).update();
		assertThat(this.sent).isEmpty();
		run.write(1).update();
		assertThat(this.sent).hasSize(1);
		assertThat(this.sent.get(0)).hasSize(100);
		run.write(99).update();
		assertThat(this.sent).as("counted anew").hasSize(1);
		run.write(1).update();
		assertThat(this.sent).hasSize(2);
	}

	@Test
	void whatWasGatheredIsSentWhenItIsHalfAsOldAsItMayBe() {
		Run run = new Run().write(1);
		this.range.clock.advance(MAX_AGE.dividedBy(2).minusMillis(1));
		run.update();
		assertThat(this.sent).isEmpty();
		this.range.clock.advance(Duration.ofMillis(1));
		run.update();
		assertThat(this.sent).containsExactly(RangeTester.keys("a"));
	}

	@Test
	void whatTheStoreComparesMayBeTriedForLong() {
		new Run().write(2);
		assertThat(this.within).containsExactly(PATIENCE);
	}

	@Test
	void whatItDoesNotCompareMustBeSentWhileItIsFresh() {
		this.comparing = false;
		Run run = new Run().write(1);
		this.range.clock.advance(Duration.ofSeconds(20));
		run.write(1);
		assertThat(this.within).containsExactly(Duration.ofSeconds(40));
		this.range.clock.advance(Duration.ofSeconds(40));
		run.write(2);
		assertThat(this.within).as("to the last moment").endsWith(Duration.ZERO);
	}

	@Test
	void whatIsTooOldIsListedAgainAndNotSent() {
		this.comparing = false;
		Run run = new Run();
		List<MatchedEntry> old = List.of(run.reading.nextMatch(), run.reading.nextMatch());
		this.range.clock.advance(MAX_AGE.plusMillis(1));
		run.write(old);
		assertThat(this.sent).isEmpty();
		run.write(2);
		assertThat(this.sent).containsExactly(RangeTester.keys("a", "b"));
		assertThat(this.range.range().progress().counts().listed()).as("counted once").isEqualTo(2);
	}

	@Test
	void whatIsAlwaysTooOldFailsTheRange() {
		this.comparing = false;
		Run run = new Run();
		for (int i = 1; i <= 3; i++) {
			List<MatchedEntry> old = List.of(run.reading.nextMatch(), run.reading.nextMatch());
			this.range.clock.advance(MAX_AGE.plusMillis(1));
			if (i < 3) {
				run.write(old);
			}
			else {
				assertThatExceptionOfType(StoreException.class).isThrownBy(() -> run.write(old))
					.withMessage("entries wait longer than max-age (PT1M) between their listing and their delete:"
							+ " list less at once or raise max-age");
			}
		}
		assertThat(this.sent).isEmpty();
	}

	@Test
	void aKeyThatIsListedTwiceStandsInNoCallTwice() {
		this.lister = PagedLister.of("a", "a", "b");
		Run run = new Run();
		MatchedEntry first = run.reading.nextMatch();
		MatchedEntry again = new MatchedEntry(first.entry(), first.position(), first.listedAt(), first.judged());
		run.write(List.of(first));
		run.write(List.of(again));
		assertThat(this.sent).containsExactly(RangeTester.keys("a"));
		run.write(List.of(again));
		assertThat(this.sent).containsExactly(RangeTester.keys("a"), RangeTester.keys("a"));
	}

	@Test
	void aKeyThatIsListedTwiceIsReadAgainWhereTheCallBeforeCameToNothing() {
		undone(1, BUSY);
		Run run = new Run();
		MatchedEntry first = run.reading.nextMatch();
		run.write(List.of(first, first, first));
		assertThat(this.sent).containsExactly(RangeTester.keys("a"));
		run.write(2);
		assertThat(this.sent).as("nothing of before is gathered still")
			.containsExactly(RangeTester.keys("a"), RangeTester.keys("a", "b"));
	}

	@Test
	void theRestOfAChunkIsReadAgainAfterACallThatCameToNothing() {
		undone(1, BUSY);
		Run run = new Run().write(4);
		assertThat(this.sent).containsExactly(RangeTester.keys("a", "b"));
		assertThat(this.range.calls()).containsExactly("a=LEFT b=LEFT");
		run.write(2);
		assertThat(this.sent).endsWith(RangeTester.keys("a", "b"));
	}

	@Test
	void whatCameToNothingAtTheEndIsListedAgainInTheSameRun() {
		undone(2, BUSY);
		new Run().writeRest().update();
		assertThat(this.sent).containsExactly(RangeTester.keys("a", "b"), RangeTester.keys("a", "b"),
				RangeTester.keys("a", "b"), RangeTester.keys("c", "d"), RangeTester.keys("e"));
		assertThat(isDone()).isTrue();
		assertThat(this.range.range().progress().counts().deleted()).isEqualTo(5);
	}

	@Test
	void anEndThatWasReachedByAStopIsNone() {
		Run run = new Run().writeRest();
		this.range.stop.request("enough");
		run.update();
		assertThat(this.sent).hasSize(2);
		assertThat(isDone()).isFalse();
	}

	@Test
	void aStopWhileTheRestIsListedAgainEndsIt() {
		this.answers.add((all) -> {
			this.range.stop.request("enough");
			return DeleteResult.allUndone(all.deleted(), BUSY);
		});
		this.batchLimit = 10;
		new Run().writeRest().update();
		assertThat(this.sent).hasSize(1);
		assertThat(isDone()).isFalse();
	}

	@Test
	void aStopInTheMidstOfListingAgainSendsNoMore() {
		this.batchLimit = 10;
		undone(1, BUSY);
		this.answers.add((all) -> {
			this.range.stop.request("enough");
			return DeleteResult.allUndone(all.deleted(), new BatchTooLargeException("too large"));
		});
		new Run().writeRest().update();
		assertThat(this.sent).hasSize(2);
		assertThat(isDone()).isFalse();
	}

	@Test
	void aStopInTheMidstOfAPageThatIsListedAgainSendsNoMore() {
		this.lister = PagedLister.of("a b c d e f");
		undone(1, BUSY);
		this.answers.add((all) -> {
			this.range.stop.request("enough");
			return all;
		});
		new Run().writeRest().update();
		assertThat(this.sent).containsExactly(RangeTester.keys("a", "b"), RangeTester.keys("a", "b"));
		assertThat(isDone()).isFalse();
	}

	@Test
	void threeCallsInARowThatComeToNothingFailTheRange() {
		undone(3, BUSY);
		Run run = new Run().write(2).write(2);
		assertThatThrownBy(() -> run.write(2)).isSameAs(BUSY);
		assertThat(this.sent).hasSize(3);
	}

	@Test
	void aCallThatWentWellInBetweenLetsThreeMoreComeToNothing() {
		undone(2, BUSY);
		this.answers.add(UnaryOperator.identity());
		undone(3, BUSY);
		Run run = new Run().write(2).write(2).write(2).write(2).write(2);
		assertThatThrownBy(() -> run.write(2)).isSameAs(BUSY);
		assertThat(this.sent).hasSize(6);
	}

	@Test
	void whereTheStoreAsksToBeLeftAloneTwentyMay() {
		StoreException throttled = new TransientStoreException("429", null, Duration.ofSeconds(1));
		undone(20, throttled);
		Run run = new Run();
		for (int i = 1; i < 20; i++) {
			run.write(2);
		}
		assertThatThrownBy(() -> run.write(2)).isSameAs(throttled);
		assertThat(this.sent).hasSize(20);
	}

	@Test
	void aStoppedRangeDoesNotFail() {
		undone(3, BUSY);
		Run run = new Run();
		run.write(2).write(2);
		List<MatchedEntry> last = List.of(run.reading.nextMatch(), run.reading.nextMatch());
		this.range.stop.request("enough");
		run.write(last);
		assertThat(this.sent).hasSize(3);
	}

	@Test
	void whatWasTooMuchForACallIsSentInHalves() {
		this.lister = PagedLister.ofSingles(40);
		this.batchLimit = 8;
		undone(1, new BatchTooLargeException("too large"));
		Run run = new Run().write(8);
		run.write(4);
		assertThat(this.sent).extracting(List::size).containsExactly(8, 4);
	}

	@Test
	void whatWasTooMuchComesToNothingOnlyWhereItCannotBeHalved() {
		this.batchLimit = 2;
		StoreException cause = new BatchTooLargeException("too large");
		undone(4, cause);
		Run run = new Run().write(2).write(1).write(1);
		assertThatThrownBy(() -> run.write(1)).isSameAs(cause);
		assertThat(this.sent).extracting(List::size).containsExactly(2, 1, 1, 1);
	}

	@Test
	void callsGrowAgainWhenTheyGoWell() {
		this.lister = PagedLister.ofSingles(60);
		this.batchLimit = 4;
		undone(1, new BatchTooLargeException("too large"));
		Run run = new Run().write(4);
		run.write(2 * 8);
		run.write(4);
		assertThat(this.sent).extracting(List::size).containsExactly(4, 2, 2, 2, 2, 2, 2, 2, 2, 4);
	}

	@Test
	void aCallInDoubtIsLookedIntoAndTheNextIsSmaller() {
		this.lister = PagedLister.ofSingles(40);
		this.batchLimit = 4;
		this.answers.add((all) -> DeleteResult.allDoubtful(all.deleted(), BUSY));
		this.looking = (rewound, doubtful) -> {
			assertThat(rewound).isSameAs(this.work);
			assertThat(rewound.rewinds()).as("the range is rewound before it is looked into").isOne();
			assertThat(doubtful).hasSize(4);
			return Map.of(doubtful.get(0), Outcome.INFERRED, doubtful.get(1), Outcome.LEFT);
		};
		Run run = new Run().write(4);
		assertThat(this.range.calls())
			.containsExactly("key/0000000=INFERRED key/0000001=LEFT key/0000002=LEFT key/0000003=LEFT");
		run.write(2);
		assertThat(this.sent).extracting(List::size).containsExactly(4, 2);
		assertThat(this.range.range().progress().counts().deleted()).isEqualTo(3);
	}

	@Test
	void whatIsLeftOfAQuotaMayDoForASmallerCall() {
		this.lister = PagedLister.ofSingles(40);
		this.batchLimit = 4;
		fails(new QuotaExhaustedException("1000 a day"));
		undone(1, new QuotaExhaustedException("1000 a day"));
		Run run = new Run().write(4).write(2).write(1);
		assertThat(this.sent).extracting(List::size).containsExactly(4, 2, 1);
		assertThat(this.range.calls()).last().isEqualTo("key/0000000=DELETED");
		StoreException last = new QuotaExhaustedException("1000 a day");
		fails(last);
		assertThatThrownBy(() -> run.write(1)).isSameAs(last);
		undone(1, last);
		assertThatThrownBy(() -> run.write(1)).isSameAs(last);
	}

	@Test
	void aRefusalOfEverythingIsSettledBeforeItFails() {
		StoreException denied = new StoreException("permission denied");
		fails(denied);
		Run run = new Run();
		assertThatThrownBy(() -> run.write(2)).isSameAs(denied);
		assertThat(this.range.calls()).containsExactly("a=LEFT b=LEFT");
		assertThat(this.work.rewinds()).isOne();
	}

	@Test
	void whatBecameOfEachKeyIsWrittenDown() {
		this.lister = PagedLister.of("a b c d", "e");
		this.batchLimit = 4;
		this.answers.add((all) -> new DeleteResult(RangeTester.keys("d"), RangeTester.keys("a"), RangeTester.keys("c"),
				Map.of(Key.of("b"), "foreign"), List.of(), List.of(), null));
		new Run().write(4);
		assertThat(this.range.calls()).containsExactly("a=VANISHED b=REFUSED c=SPARED d=DELETED");
		assertThat(this.range.ledger.call(this.range.fence.run(), 1, 1).outcomes().get(1).reason())
			.isEqualTo("foreign");
		assertThat(this.range.range().progress().counts()).isEqualTo(new Judged(0, 0, 0, 4, Map.of()).with(1, 1, 1, 1));
		assertThat(this.work.rewinds()).isZero();
	}

	@Test
	void whatWasDoneOfACallThatWasNotDoneWhollyIsCounted() {
		this.lister = PagedLister.of("a b c d e", "f");
		this.batchLimit = 5;
		this.work.rememberDone();
		this.answers.add((all) -> new DeleteResult(RangeTester.keys("a"), RangeTester.keys("b"), RangeTester.keys("c"),
				Map.of(Key.of("d"), "foreign"), RangeTester.keys("e"), List.of(), BUSY));
		Run run = new Run().write(5);
		assertThat(this.range.calls()).containsExactly("a=DELETED b=VANISHED c=LEFT d=LEFT e=LEFT");
		assertThat(this.range.range().progress().counts()).isEqualTo(new Judged(0, 0, 0, 2, Map.of()).with(1, 1, 0, 0));
		assertThat(saved()).isEqualTo(ListingPosition.START);
		run.writeRest().update();
		assertThat(this.sent).containsExactly(RangeTester.keys("a", "b", "c", "d", "e"),
				RangeTester.keys("c", "d", "e", "f"));
		assertThat(this.range.range().progress().counts()).isEqualTo(new Judged(0, 0, 0, 6, Map.of()).with(5, 1, 0, 0));
	}

	@Test
	void anAnswerThatLeavesOutAKeyIsNone() {
		this.answers.add((all) -> DeleteResult.allDeleted(RangeTester.keys("a")));
		Run run = new Run();
		assertThatIllegalStateException().isThrownBy(() -> run.write(2))
			.withMessage("the store's answer does not speak of key b");
		assertThat(this.range.calls()).as("it stays in doubt").containsExactly("a=null b=null");
		assertThat(this.range.ledger.unsettled(this.range.fence.run(), 1)).hasSize(1);
	}

	@Test
	void noMoreIsSentThanMayBeDeleted() {
		this.maxDeletes = 3L;
		Run run = new Run().write(4);
		assertThat(this.sent).containsExactly(RangeTester.keys("a", "b"), RangeTester.keys("c"));
		assertThat(this.work.rewinds()).as("the rest is listed again").isOne();
		assertThatExceptionOfType(LimitReachedException.class).isThrownBy(() -> run.write(2));
		assertThat(this.sent).hasSize(2);
	}

	@Test
	void whatAnAttemptThatDiedLeftInDoubtIsSettledWhenTheRangeIsOpened() {
		this.work.announce(RangeTester.keys("a", "b"), null);
		this.looking = (rewound, doubtful) -> Map.of(Key.of("a"), Outcome.INFERRED);
		this.work.rememberDone();
		Run run = new Run();
		run.writer.open(this.context);
		assertThat(this.range.calls()).containsExactly("a=INFERRED b=LEFT");
		run.write(2);
		assertThat(this.sent).containsExactly(RangeTester.keys("b", "c"));
	}

	/** Calls wait until they are let go. */
	private Deque<Runnable> holdCalls() {
		Deque<Runnable> held = new ArrayDeque<>();
		this.executor = held::add;
		return held;
	}

	@Test
	void whileACallIsUnderWayTheNextIsGatheredAndThePositionStays() {
		Deque<Runnable> held = holdCalls();
		Run run = new Run();
		run.writer.write(new Chunk<>(List.of(run.reading.nextMatch(), run.reading.nextMatch())));
		run.writer.write(new Chunk<>(List.of(run.reading.nextMatch())));
		this.range.clock.advance(Duration.ofSeconds(1));
		run.update();
		assertThat(this.range.calls()).containsExactly("a=null b=null");
		assertThat(saved()).isEqualTo(ListingPosition.START);
		held.remove().run();
		run.update();
		assertThat(this.range.calls()).as("settled as soon as it is answered").containsExactly("a=DELETED b=DELETED");
		assertThat(saved().lastKey()).isEqualTo(Key.of("b"));
		run.writer.write(new Chunk<>(List.of(run.reading.nextMatch())));
		held.remove().run();
		run.update();
		assertThat(this.sent).containsExactly(RangeTester.keys("a", "b"), RangeTester.keys("c", "d"));
	}

	@Test
	void nothingIsAnnouncedBeforeTheCallBeforeItIsSettled() {
		Deque<Runnable> held = holdCalls();
		Run run = new Run();
		run.writer.write(new Chunk<>(List.of(run.reading.nextMatch(), run.reading.nextMatch())));
		this.executor = Runnable::run;
		List<String> atAnswer = new ArrayList<>();
		this.answers.add((all) -> {
			atAnswer.addAll(this.range.calls());
			return all;
		});
		Thread other = new Thread(held.remove(), "sender");
		other.start();
		run.writer.write(new Chunk<>(List.of(run.reading.nextMatch(), run.reading.nextMatch())));
		assertThat(atAnswer).containsExactly("a=null b=null");
		assertThat(this.range.calls()).first().isEqualTo("a=DELETED b=DELETED");
	}

	@Test
	void whatWasGatheredBehindACallThatCameToNothingIsListedAgain() {
		Deque<Runnable> held = holdCalls();
		undone(1, BUSY);
		Run run = new Run();
		run.writer.write(new Chunk<>(List.of(run.reading.nextMatch(), run.reading.nextMatch())));
		run.writer.write(new Chunk<>(List.of(run.reading.nextMatch())));
		held.remove().run();
		run.update();
		run.writer.write(new Chunk<>(List.of(run.reading.nextMatch(), run.reading.nextMatch())));
		held.remove().run();
		run.writer.settleUnderWay();
		assertThat(this.sent).containsExactly(RangeTester.keys("a", "b"), RangeTester.keys("a", "b"));
		assertThat(this.range.range().progress().counts().listed()).isEqualTo(2);
	}

	@Test
	void aStopWaitsForTheCallUnderWayAndSettlesIt() {
		Deque<Runnable> held = holdCalls();
		Run run = new Run();
		run.writer.write(new Chunk<>(List.of(run.reading.nextMatch(), run.reading.nextMatch())));
		this.range.stop.request("enough");
		new Thread(held.remove(), "sender").start();
		run.update();
		assertThat(this.range.calls()).containsExactly("a=DELETED b=DELETED");
		assertThat(isDone()).isFalse();
	}

	@Test
	void aFailureElsewhereLeavesNoCallInDoubtThatIsAnswered() {
		Run run = new Run();
		run.writer.write(new Chunk<>(List.of(run.reading.nextMatch(), run.reading.nextMatch())));
		assertThat(this.range.calls()).containsExactly("a=null b=null");
		run.writer.close();
		assertThat(this.range.calls()).containsExactly("a=DELETED b=DELETED");
		run.writer.close();
	}

	@Test
	void whatCannotBeSettledAfterAFailureStaysInDoubt() {
		this.answers.add((all) -> DeleteResult.allDeleted(RangeTester.keys("a")));
		Run run = new Run();
		run.writer.write(new Chunk<>(List.of(run.reading.nextMatch(), run.reading.nextMatch())));
		run.writer.close();
		assertThat(this.range.ledger.unsettled(this.range.fence.run(), 1)).hasSize(1);
	}

}
