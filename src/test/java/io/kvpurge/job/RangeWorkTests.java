package io.kvpurge.job;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ExecutionContext;

import io.kvpurge.filter.Decision;
import io.kvpurge.filter.EntryFilter;
import io.kvpurge.filter.Rule;
import io.kvpurge.filter.Verdict;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.KeyOutcome;
import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.ledger.RangeProgress;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.Metadata;

import static org.assertj.core.api.Assertions.assertThat;

/** What of a range is counted and written down, entry by entry and call by call. */
class RangeWorkTests {

	private static final Decision UNDECIDED = new Decision(Verdict.UNDECIDED, "metadata.x is missing");

	private final RangeTester range = new RangeTester();

	@TempDir
	private Path folder;

	private static KeyEntry entry(String key, @Nullable Object x) {
		return new KeyEntry(Key.of(key), (x != null) ? Metadata.of(Map.of("x", x)) : Metadata.ABSENT, null, null);
	}

	private ListedEntry listed(KeyEntry entry) {
		return new ListedEntry(entry, new ListedPage(new KeyPage(List.of(entry), null), ListingPosition.START, null,
				this.range.clock.instant()));
	}

	/** Judges keys as matching. */
	private List<MatchedEntry> matched(RangeWork work, String... keys) {
		return RangeTester.keys(keys)
			.stream()
			.map((key) -> new MatchedEntry(KeyEntry.of(key), behind(key), this.range.clock.instant(),
					work.judge(entry(key.text(), "v"), Decision.MATCHED), work.values(entry(key.text(), "v"))))
			.toList();
	}

	private static ListingPosition behind(Key key) {
		return new ListingPosition(null, key);
	}

	private static List<KeyOutcome> outcomes(Outcome... outcomes) {
		return List.of(outcomes).stream().map(KeyOutcome::of).toList();
	}

	private RangeProgress ledger() {
		return this.range.range().progress();
	}

	private static EntryCounts counts(long unmatched, long matched, long deleted, long vanished, long spared,
			long refused) {
		return new EntryCounts(unmatched + matched, unmatched, 0, 0, matched, deleted, vanished, spared, refused);
	}

	@Test
	void whatWasJudgedIsSavedWithItsPosition() {
		RangeWork work = this.range.work();
		work.judge(entry("a", 1L), Decision.UNMATCHED);
		work.judge(entry("b", null), UNDECIDED);
		assertThat(ledger()).isEqualTo(RangeProgress.START);
		work.save(behind(Key.of("b")), false);
		assertThat(ledger()).isEqualTo(work.saved());
		assertThat(ledger().position()).isEqualTo(behind(Key.of("b")));
		assertThat(ledger().counts()).isEqualTo(new EntryCounts(2, 1, 0, 1, 0, 0, 0, 0, 0));
		assertThat(ledger().reasons()).isEqualTo(Map.of("metadata.x is missing", 1L));
		assertThat(this.range.work().judged()).isEqualTo(work.judged());
		assertThat(work.number()).isOne();
		assertThat(work.bounds()).isEqualTo(RangeTester.ALL);
	}

	@Test
	void aRewindForgetsWhatWasJudgedSince() {
		RangeWork work = this.range.work();
		work.judge(entry("a", 1L), Decision.UNMATCHED);
		work.save(behind(Key.of("a")), false);
		work.judge(entry("b", 1L), Decision.HELD);
		work.rewind();
		assertThat(work.judged()).isEqualTo(new Judged(1, 0, 0, 0, Map.of()));
		assertThat(work.rewinds()).isOne();
	}

	@Test
	void progressIsDueAfterHalfASecond() {
		RangeWork work = this.range.work();
		this.range.clock.advance(Duration.ofMillis(499));
		assertThat(work.isSaveDue()).isFalse();
		this.range.clock.advance(Duration.ofMillis(1));
		assertThat(work.isSaveDue()).isTrue();
		work.save(ListingPosition.START, false);
		assertThat(work.isSaveDue()).isFalse();
	}

	@Test
	void aSettledCallCountsWhatBecameOfItsKeysAndMovesThePosition() {
		RangeWork work = this.range.work();
		List<MatchedEntry> batch = matched(work, "a", "b", "c", "d", "e", "f");
		work.judge(entry("z", 1L), Decision.UNMATCHED);
		LedgerCall call = work.announce(batch.stream().map(MatchedEntry::key).toList(), null);
		assertThat(work.unsettled()).containsExactly(call);
		work.settle(call, outcomes(Outcome.DELETED, Outcome.DELETED, Outcome.INFERRED, Outcome.VANISHED, Outcome.SPARED,
				Outcome.REFUSED), batch);
		assertThat(work.unsettled()).isEmpty();
		assertThat(ledger().counts()).as("not what was judged behind it").isEqualTo(counts(0, 6, 3, 1, 1, 1));
		assertThat(ledger().position()).isEqualTo(behind(Key.of("f")));
		work.save(behind(Key.of("z")), true);
		assertThat(ledger().counts()).isEqualTo(counts(1, 6, 3, 1, 1, 1));
		assertThat(ledger().done()).isTrue();
		RangeWork next = this.range.work();
		List<MatchedEntry> more = matched(next, "g", "h");
		next.settle(next.announce(RangeTester.keys("g", "h"), null), outcomes(Outcome.VANISHED, Outcome.SPARED), more);
		assertThat(ledger().counts()).isEqualTo(counts(1, 8, 3, 2, 2, 1));
	}

	@Test
	void aCallOfWhichSomeAreJudgedAgainCountsOnlyWhatIsDone() {
		RangeWork work = this.range.work();
		List<MatchedEntry> batch = matched(work, "a", "b", "c", "d");
		LedgerCall call = work.announce(RangeTester.keys("a", "b", "c", "d"), null);
		work.settleAndRewind(call, outcomes(Outcome.DELETED, Outcome.VANISHED, Outcome.SPARED, Outcome.LEFT), batch);
		assertThat(this.range.calls()).containsExactly("a=DELETED b=VANISHED c=LEFT d=LEFT");
		assertThat(ledger().counts()).isEqualTo(counts(0, 2, 1, 1, 0, 0));
		assertThat(ledger().position()).isEqualTo(ListingPosition.START);
		assertThat(work.judged().matched()).isEqualTo(2);
		assertThat(work.rewinds()).isOne();
		assertThat(work.isDone(Key.of("a"))).as("nobody asked to remember").isFalse();
	}

	@Test
	void whatWasJudgedBeforeIsNotJudgedOnceMoreByItsDelete() {
		RangeWork finding = this.range.work();
		finding.plan(matched(finding, "a", "b").stream().map(MatchedEntry::key).toList(), behind(Key.of("b")), true);
		RangeWork work = this.range.work();
		work.judgedBefore();
		LedgerCall call = work.announce(RangeTester.keys("a", "b"), null);
		work.settleAndRewind(call, outcomes(Outcome.INFERRED, Outcome.LEFT), List.of());
		assertThat(ledger().counts()).isEqualTo(counts(0, 2, 1, 0, 0, 0));
	}

	@Test
	void whatIsDoneIsRemembered() {
		RangeWork work = this.range.work();
		work.rememberDone();
		LedgerCall call = work.announce(RangeTester.keys("a", "b", "c"), null);
		work.settleAndRewind(call, outcomes(Outcome.DELETED, Outcome.LEFT, Outcome.VANISHED), List.of());
		assertThat(List.of("a", "b", "c")).filteredOn((key) -> work.isDone(Key.of(key))).containsExactly("a", "c");
	}

	@Test
	void whatIsPlannedIsWrittenDownAndStays() {
		RangeWork work = this.range.work();
		work.judge(entry("0", 1L), Decision.HELD);
		matched(work, "a");
		work.plan(RangeTester.keys("a"), behind(Key.of("a")), true);
		assertThat(this.range.calls()).containsExactly("a=PLANNED");
		assertThat(ledger().counts()).isEqualTo(new EntryCounts(2, 0, 1, 0, 1, 0, 0, 0, 0));
		assertThat(ledger().done()).isTrue();
		assertThat(work.saved()).isEqualTo(ledger());
	}

	@Test
	void onlyWhatMatchesIsTalliedWhereThatIsAskedFor() {
		RangeWork work = this.range.work();
		work.tallyMatching(Set.of("x"));
		work.judge(entry("a", "one"), Decision.MATCHED);
		work.judge(entry("b", "two"), Decision.UNMATCHED);
		work.judge(entry("c", "three"), Decision.HELD);
		work.save(behind(Key.of("c")), false);
		assertThat(ledger().findings().values()).isEqualTo(Map.of("x", Map.of("one", 1L)));
		RangeWork next = this.range.work();
		next.tallyMatching(Set.of("x"));
		next.judge(entry("d", "one"), Decision.MATCHED);
		next.save(behind(Key.of("d")), false);
		assertThat(ledger().findings().values()).isEqualTo(Map.of("x", Map.of("one", 2L)));
	}

	@Test
	void onlyWhatIsDeletedIsTalliedWhereThatIsAskedFor() {
		RangeWork work = this.range.work();
		assertThat(work.values(entry("a", "v"))).as("nobody counts").isEmpty();
		work.tallyDeleted(Set.of("x"));
		List<MatchedEntry> batch = matched(work, "a", "b", "c");
		assertThat(batch.get(0).values()).containsExactly("v");
		LedgerCall call = work.announce(RangeTester.keys("a", "b", "c"), null);
		work.settle(call, outcomes(Outcome.DELETED, Outcome.SPARED, Outcome.INFERRED), batch);
		assertThat(ledger().findings().values()).isEqualTo(Map.of("x", Map.of("v", 2L)));
		LedgerCall lost = work.announce(RangeTester.keys("d", "e"), null);
		work.settleAndRewind(lost, outcomes(Outcome.INFERRED, Outcome.LEFT), List.of());
		assertThat(ledger().findings().values()).isEqualTo(Map.of("x", Map.of("v", 2L, "(unknown)", 1L)));
	}

	@Test
	void nothingIsTalliedOfARuleThatNamesNoField() {
		RangeWork work = this.range.work();
		work.tallyDeleted(Set.of());
		List<MatchedEntry> batch = matched(work, "a");
		work.settle(work.announce(RangeTester.keys("a"), null), outcomes(Outcome.DELETED), batch);
		assertThat(ledger().findings()).isNull();
	}

	@Test
	void whatWasDeletedWithoutBeingTalliedIsUnknown() {
		RangeWork before = this.range.work();
		List<MatchedEntry> batch = matched(before, "a", "b");
		before.settle(before.announce(RangeTester.keys("a", "b"), null), outcomes(Outcome.DELETED, Outcome.DELETED),
				batch);
		RangeWork work = this.range.work();
		work.tallyDeleted(Set.of("x"));
		work.save(behind(Key.of("b")), false);
		assertThat(ledger().findings().values()).isEqualTo(Map.of("x", Map.of("(unknown)", 2L)));
		RangeWork next = this.range.work();
		next.tallyDeleted(Set.of("x"));
		next.save(behind(Key.of("b")), false);
		assertThat(ledger().findings().values()).as("once").isEqualTo(Map.of("x", Map.of("(unknown)", 2L)));
	}

	@Test
	void whereAListingRepeatsItselfEachKeyIsCountedOnce() {
		EntryFilter filter = new EntryFilter(Rule.compile("metadata.x == 1", Map.of()), null, List.of(), Map.of(),
				this.range.clock.instant());
		try (CountedKeys counted = CountedKeys.open(this.folder.resolve("1"))) {
			RangeWork work = this.range.work();
			work.countOnce(counted, false);
			FilterItemProcessor processor = new FilterItemProcessor(filter, work, true);
			assertThat(processor.process(listed(entry("stays", 2L)))).isNull();
			MatchedEntry going = processor.process(listed(entry("goes", 1L)));
			assertThat(going).isNotNull();
			assertThat(processor.process(listed(entry("stays", 2L)))).isNull();
			assertThat(processor.process(listed(entry("goes", 1L)))).isNull();
			assertThat(work.judged()).isEqualTo(new Judged(1, 0, 0, 1, Map.of()));
			work.settle(work.announce(RangeTester.keys("goes"), null), outcomes(Outcome.SPARED), List.of(going));
		}
		try (CountedKeys counted = CountedKeys.open(this.folder.resolve("1"))) {
			RangeWork work = this.range.work();
			work.countOnce(counted, false);
			assertThat(work.rewinds()).as("it is remembered").isZero();
			assertThat(work.isCounted(listed(entry("stays", 2L)))).isTrue();
			assertThat(work.isCounted(listed(entry("goes", 1L)))).as("spared").isTrue();
			assertThat(work.isCounted(listed(entry("other", 1L)))).isFalse();
		}
	}

	@Test
	void whatWentIsCountedAnewWhenItIsListedLater() {
		try (CountedKeys counted = CountedKeys.open(this.folder.resolve("1"))) {
			RangeWork work = this.range.work();
			work.countOnce(counted, false);
			List<MatchedEntry> batch = matched(work, "a");
			work.settle(work.announce(RangeTester.keys("a"), null), outcomes(Outcome.DELETED), batch);
			assertThat(work.isCounted(listed(entry("a", 1L)))).as("listed when it went").isTrue();
			this.range.clock.advance(Duration.ofSeconds(1));
			assertThat(work.isCounted(listed(entry("a", 1L)))).as("written anew").isFalse();
		}
	}

	@Test
	void whatIsFoundFirstStaysForNowAndIsRemembered() {
		try (CountedKeys counted = CountedKeys.open(this.folder.resolve("1"))) {
			RangeWork work = this.range.work();
			work.countOnce(counted, true);
			matched(work, "a");
			work.plan(RangeTester.keys("a"), behind(Key.of("a")), false);
		}
		try (CountedKeys counted = CountedKeys.open(this.folder.resolve("1"))) {
			RangeWork work = this.range.work();
			work.countOnce(counted, true);
			assertThat(work.rewinds()).isZero();
			assertThat(work.isCounted(listed(entry("a", 1L)))).isTrue();
			work.judge(entry("b", 2L), Decision.UNMATCHED);
			work.rewind();
			assertThat(work.isCounted(listed(entry("b", 2L)))).as("it is listed again").isFalse();
		}
	}

	@Test
	void whereItIsNotRememberedTheRangeBeginsAnewWithWhatIsGone() {
		RangeWork before = this.range.work();
		before.judge(entry("0", 2L), Decision.UNMATCHED);
		List<MatchedEntry> batch = matched(before, "a", "b", "c");
		before.settle(before.announce(RangeTester.keys("a", "b", "c"), null),
				outcomes(Outcome.DELETED, Outcome.VANISHED, Outcome.SPARED), batch);
		try (CountedKeys counted = CountedKeys.open(this.folder.resolve("1"))) {
			RangeWork work = this.range.work();
			work.countOnce(counted, false);
			assertThat(ledger().counts()).isEqualTo(counts(0, 2, 1, 1, 0, 0));
			assertThat(ledger().position()).isEqualTo(ListingPosition.START);
			assertThat(ledger().done()).isFalse();
			assertThat(work.rewinds()).isOne();
			assertThat(work.judged()).isEqualTo(new Judged(0, 0, 0, 2, Map.of()));
		}
	}

	@Test
	void whereItIsNotRememberedWhatWasFoundIsRecalledFromTheLedger() {
		RangeWork before = this.range.work();
		before.judge(entry("0", 2L), Decision.UNMATCHED);
		matched(before, "a", "b");
		before.plan(RangeTester.keys("a", "b"), behind(Key.of("b")), false);
		try (CountedKeys counted = CountedKeys.open(this.folder.resolve("1"))) {
			RangeWork work = this.range.work();
			work.countOnce(counted, true);
			assertThat(ledger().counts()).isEqualTo(counts(0, 2, 0, 0, 0, 0));
			assertThat(work.isCounted(listed(entry("a", 1L)))).isTrue();
			assertThat(work.isCounted(listed(entry("0", 2L)))).isFalse();
		}
	}

	@Test
	void theProcessorLetsThroughWhatMatchesAndCountsTheRest() {
		RangeWork work = this.range.work();
		EntryFilter filter = new EntryFilter(Rule.compile("metadata.x > 0", Map.of()),
				Rule.compile("metadata.x == 2", Map.of()), List.of(Key.of("safe/")), Map.of(),
				this.range.clock.instant());
		FilterItemProcessor comparing = new FilterItemProcessor(filter, work, true);
		FilterItemProcessor blind = new FilterItemProcessor(filter, work, false);
		assertThat(comparing.process(listed(entry("unmatched", 0L)))).isNull();
		assertThat(comparing.process(listed(entry("undecided", null)))).isNull();
		assertThat(comparing.process(listed(entry("held", 2L)))).isNull();
		assertThat(comparing.process(listed(entry("safe/protected", 1L)))).isNull();
		MatchedEntry whole = comparing.process(listed(entry("a", 1L)));
		assertThat(whole.entry()).isEqualTo(entry("a", 1L));
		assertThat(whole.position()).isEqualTo(behind(Key.of("a")));
		assertThat(whole.listedAt()).isEqualTo(this.range.clock.instant());
		assertThat(whole.judged().matched()).isOne();
		assertThat(blind.process(listed(entry("b", 1L))).entry()).isEqualTo(KeyEntry.of(Key.of("b")));
		assertThat(work.judged().with(0, 0, 0, 0)).isEqualTo(new EntryCounts(6, 1, 2, 1, 2, 0, 0, 0, 0));
	}

	@Test
	void keysOfAPlanGoThroughAndAreCountedWhereTheyWereNot() {
		RangeWork work = this.range.work();
		MatchedEntry found = new PlannedItemProcessor(work, true).process(listed(entry("a", null)));
		assertThat(found.key()).isEqualTo(Key.of("a"));
		assertThat(found.position()).isEqualTo(behind(Key.of("a")));
		assertThat(work.judged().matched()).isZero();
		assertThat(found.judged()).isSameAs(work.judged());
		assertThat(new PlannedItemProcessor(work, false).process(listed(entry("b", null))).judged().matched()).isOne();
		assertThat(work.judged().matched()).isOne();
	}

	@Test
	void thePlansWriterWritesAThousandKeysDownAtATime() {
		PagedLister lister = PagedLister.ofSingles(1500);
		RangeWork work = this.range.work();
		RangeReading reading = new RangeReading(this.range.reader(lister, work),
				(item) -> new MatchedEntry(item.entry(), item.page().behind(item.entry().key()), item.page().listedAt(),
						work.judge(item.entry(), Decision.MATCHED)));
		PlanItemWriter writer = new PlanItemWriter(reading, work);
		ExecutionContext context = new ExecutionContext();
		for (int i = 1; i <= 1100; i++) {
			writer.write(new Chunk<>(List.of(reading.nextMatch())));
			writer.update(context);
			assertThat(ledger().counts().matched()).isEqualTo((i < 1000) ? 0 : 1000);
		}
		this.range.clock.advance(Duration.ofMillis(500));
		writer.update(context);
		assertThat(ledger().counts().matched()).isEqualTo(1100);
		for (MatchedEntry entry = reading.nextMatch(); entry != null; entry = reading.nextMatch()) {
			writer.write(new Chunk<>(List.of(entry)));
		}
		writer.update(context);
		assertThat(ledger().done()).isTrue();
		assertThat(context.getLong("matched")).isEqualTo(1500);
		RangeProgress done = work.saved();
		writer.update(context);
		assertThat(work.saved()).isSameAs(done);
		assertThat(this.range.ledger.calls(this.range.fence.run(), 1)).isEqualTo(3);
		assertThat(this.range.ledger.call(this.range.fence.run(), 1, 1).keys()).hasSize(1000);
		assertThat(this.range.ledger.call(this.range.fence.run(), 1, 3).keys()).hasSize(400);
	}

}
