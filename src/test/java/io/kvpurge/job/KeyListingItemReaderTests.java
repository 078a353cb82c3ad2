package io.kvpurge.job;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.springframework.batch.infrastructure.item.ExecutionContext;

import io.kvpurge.filter.Decision;
import io.kvpurge.ledger.KeyOutcome;
import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.store.Key;
import io.kvpurge.store.ListingPosition;

import static org.assertj.core.api.Assertions.assertThat;

/** What a range reads, and where it stands. */
class KeyListingItemReaderTests {

	private final RangeTester range = new RangeTester();

	private final PagedLister lister = PagedLister.of("a b", "c", "", "d");

	private static List<String> rest(KeyListingItemReader reader) {
		List<String> read = new ArrayList<>();
		for (ListedEntry item = reader.read(); item != null; item = reader.read()) {
			read.add(item.entry().key().text());
		}
		return read;
	}

	private static void read(KeyListingItemReader reader, String... expected) {
		for (String key : expected) {
			ListedEntry item = reader.read();
			assertThat(item).isNotNull();
			assertThat(item.entry().key().text()).isEqualTo(key);
		}
	}

	private static ListingPosition behind(int page, String lastKey) {
		return new ListingPosition((page == 0) ? null : PagedLister.cursor(page), Key.of(lastKey));
	}

	@Test
	void everyEntryOfEveryPageIsReadInOrder() {
		KeyListingItemReader reader = this.range.reader(this.lister, this.range.work());
		reader.open(new ExecutionContext());
		assertThat(rest(reader)).containsExactly("a", "b", "c", "d");
		assertThat(reader.isExhausted()).isTrue();
		assertThat(reader.pagesRead()).isEqualTo(4);
		assertThat(reader.read()).isNull();
		assertThat(this.lister.askedPages()).containsExactly(0, 1, 2, 3);
	}

	@Test
	void anItemKnowsItsPage() {
		KeyListingItemReader reader = this.range.reader(this.lister, this.range.work());
		read(reader, "a", "b");
		ListedEntry third = reader.read();
		assertThat(third.page().behind(third.entry().key())).isEqualTo(behind(1, "c"));
		assertThat(third.page().listedAt()).isEqualTo(this.range.clock.instant());
	}

	@Test
	void thePositionIsBehindTheEntryThatWasReadLast() {
		KeyListingItemReader reader = this.range.reader(this.lister, this.range.work());
		assertThat(reader.position()).isEqualTo(ListingPosition.START);
		read(reader, "a");
		assertThat(reader.position()).isEqualTo(behind(0, "a"));
		read(reader, "b");
		assertThat(reader.position()).as("at the end of a page: before the next").isEqualTo(behind(1, "b"));
		read(reader, "c");
		assertThat(reader.position()).isEqualTo(behind(2, "c"));
		read(reader, "d");
		assertThat(reader.position()).isEqualTo(behind(3, "d"));
		assertThat(rest(reader)).isEmpty();
		assertThat(reader.position()).as("at the end of the range").isEqualTo(behind(3, "d"));
	}

	@Test
	void thePositionOnAnEmptyLastPageIsBeforeIt() {
		KeyListingItemReader reader = this.range.reader(PagedLister.of("a", ""), this.range.work());
		assertThat(rest(reader)).containsExactly("a");
		assertThat(reader.position()).isEqualTo(PagedLister.page(1));
	}

	@Test
	void whereKeysHaveNoOrderAPositionBeforeAPageNamesNone() {
		KeyListingItemReader reader = new KeyListingItemReader(this.range.pages(this.lister, false), this.range.work(),
				this.range.stop);
		read(reader, "a", "b");
		assertThat(reader.position()).isEqualTo(PagedLister.page(1));
	}

	@Test
	void itBeginsWhereTheLedgerSaysAndShowsNothingThatWasDealtWith() {
		this.range.work().save(behind(0, "a"), false);
		KeyListingItemReader reader = this.range.reader(this.lister, this.range.work());
		assertThat(reader.position()).isEqualTo(behind(0, "a"));
		assertThat(rest(reader)).containsExactly("b", "c", "d");
		assertThat(this.lister.asked()).startsWith(behind(0, "a"));
	}

	@Test
	void aRangeThatIsDoneIsNotListed() {
		this.range.work().save(behind(3, "d"), true);
		RangeWork work = this.range.work();
		KeyListingItemReader reader = this.range.reader(this.lister, work);
		assertThat(reader.isExhausted()).isTrue();
		assertThat(reader.read()).isNull();
		assertThat(this.lister.asked()).isEmpty();
	}

	@Test
	void afterARewindItBeginsAgainWithTheNextRead() {
		RangeWork work = this.range.work();
		KeyListingItemReader reader = this.range.reader(this.lister, work);
		read(reader, "a", "b", "c");
		work.save(behind(0, "a"), false);
		work.rewind();
		read(reader, "b");
		assertThat(reader.position()).isEqualTo(behind(1, "b"));
		assertThat(rest(reader)).containsExactly("c", "d");
		work.rewind();
		assertThat(reader.isExhausted()).isTrue();
		assertThat(rest(reader)).containsExactly("b", "c", "d");
		assertThat(rest(reader)).isEmpty();
	}

	@Test
	void theRestOfAPageIsForgottenByARewind() {
		RangeWork work = this.range.work();
		KeyListingItemReader reader = this.range.reader(this.lister, work);
		read(reader, "a");
		work.rewind();
		read(reader, "a", "b", "c");
	}

	@Test
	void aRewindBeforeItWasMadeIsNoneOfIts() {
		this.range.work().save(behind(3, "d"), true);
		RangeWork work = this.range.work();
		work.rewind();
		assertThat(rest(this.range.reader(this.lister, work))).isEmpty();
		assertThat(this.lister.asked()).isEmpty();
	}

	@Test
	void aStopEndsItAtTheNextPageAndTheRangeIsNotExhausted() {
		KeyListingItemReader reader = this.range.reader(this.lister, this.range.work());
		read(reader, "a");
		this.range.stop.request("enough");
		assertThat(rest(reader)).containsExactly("b");
		assertThat(reader.isExhausted()).isFalse();
		assertThat(reader.pagesRead()).isOne();
	}

	@Test
	void whatIsDealtWithBehindThePositionIsNotReadAgain() {
		RangeWork work = this.range.work();
		work.rememberDone();
		LedgerCall call = work.announce(RangeTester.keys("b", "c"), null);
		work.settleAndRewind(call, List.of(KeyOutcome.of(Outcome.DELETED), KeyOutcome.of(Outcome.LEFT)), List.of());
		assertThat(rest(this.range.reader(this.lister, work))).containsExactly("a", "c", "d");
		RangeWork next = this.range.work();
		next.rememberDone();
		assertThat(rest(this.range.reader(this.lister, next))).as("by the next attempt").containsExactly("a", "c", "d");
		assertThat(rest(this.range.reader(this.lister, this.range.work()))).as("unless nobody asks")
			.containsExactly("a", "b", "c", "d");
	}

	@Test
	void pagesAheadAreGivenUpWhenItIsClosed() {
		KeyListingItemReader reader = this.range.reader(this.lister, this.range.work());
		read(reader, "a");
		assertThat(this.range.leaves()).isZero();
		reader.close();
		assertThat(this.range.leaves()).isEqualTo(2);
	}

	@Test
	void theNextMatchIsTheNextThatTheProcessorLetsThrough() {
		RangeWork work = this.range.work();
		KeyListingItemReader reader = this.range.reader(this.lister, work);
		RangeReading reading = new RangeReading(reader,
				(item) -> item.entry().key().text().compareTo("b") > 0
						? new MatchedEntry(item.entry(), item.page().behind(item.entry().key()), item.page().listedAt(),
								work.judge(item.entry(), Decision.MATCHED))
						: null);
		assertThat(reading.nextMatch()).extracting(MatchedEntry::key).isEqualTo(Key.of("c"));
		assertThat(reading.position()).isEqualTo(behind(2, "c"));
		assertThat(reading.pagesRead()).isEqualTo(2);
		assertThat(reading.isExhausted()).isFalse();
		assertThat(reading.nextMatch()).extracting(MatchedEntry::key).isEqualTo(Key.of("d"));
		assertThat(reading.nextMatch()).isNull();
		assertThat(reading.isExhausted()).isTrue();
	}

}
