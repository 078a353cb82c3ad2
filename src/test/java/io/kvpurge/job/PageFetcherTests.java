package io.kvpurge.job;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import io.kvpurge.store.CursorRefusedException;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.testkit.ForwardingKeyValueStore;
import io.kvpurge.testkit.Interleavings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** How pages are listed ahead, and how a listing finds its place again. */
class PageFetcherTests {

	private final RangeTester range = new RangeTester();

	private final PagedLister lister = PagedLister.of("a b", "c", "d", "e");

	private final MemoryStore none = new MemoryStore("none", this.range.clock);

	/** What is to be listed ahead, until a test lets it. */
	private final Deque<Runnable> waiting = new ArrayDeque<>();

	private void letListAhead() {
		for (Runnable next = this.waiting.poll(); next != null; next = this.waiting.poll()) {
			next.run();
		}
	}

	private static CursorRefusedException refusal() {
		return new CursorRefusedException("forgotten");
	}

	@Test
	void asManyPagesAreListedAheadAsThereIsRoomFor() {
		PageFetcher pages = this.range.pages(this.lister, true);
		ListedPage first = pages.first(ListingPosition.START);
		assertThat(first.entries()).extracting(KeyEntry::key).isEqualTo(RangeTester.keys("a", "b"));
		assertThat(first.listedAt()).isEqualTo(this.range.clock.instant());
		assertThat(this.lister.askedPages()).containsExactly(0, 1, 2);
		assertThat(this.range.leaves()).isZero();
		ListedPage second = pages.next(first, PagedLister.cursor(1));
		assertThat(second.entries()).extracting(KeyEntry::key).isEqualTo(RangeTester.keys("c"));
		assertThat(second.from()).isEqualTo(PagedLister.page(1));
		assertThat(second.passed()).isEqualTo(Key.of("b"));
		assertThat(this.lister.askedPages()).containsExactly(0, 1, 2, 3);
	}

	@Test
	void nothingIsListedAheadOfTheLastPage() {
		PageFetcher pages = this.range.pages(PagedLister.of("a", "b"), true);
		ListedPage first = pages.first(ListingPosition.START);
		assertThat(this.range.leaves()).isOne();
		ListedPage last = pages.next(first, PagedLister.cursor(1));
		assertThat(last.page().next()).isNull();
		assertThat(this.range.leaves()).isEqualTo(2);
	}

	@Test
	void noMoreIsAheadThanFillsACall() {
		PageFetcher pages = new PageFetcher(this.lister, RangeTester.ALL,
				new PageBudget(StoreCapabilities.of(1000, 1000), 1), true, Runnable::run, this.range.stop,
				this.range.clock);
		pages.first(ListingPosition.START);
		assertThat(this.lister.askedPages()).containsExactly(0, 1);
	}

	@Test
	void whereNothingMayBeAheadAPageIsListedWhenItIsWanted() {
		assertThat(this.range.budget.tryAhead() && this.range.budget.tryAhead()).isTrue();
		PageFetcher pages = this.range.pages(this.lister, true);
		ListedPage first = pages.first(ListingPosition.START);
		assertThat(this.lister.askedPages()).containsExactly(0);
		ListedPage second = pages.next(first, PagedLister.cursor(1));
		assertThat(second.passed()).isEqualTo(Key.of("b"));
		assertThat(this.lister.askedPages()).containsExactly(0, 1);
	}

	@Test
	void whatFailsAheadFailsWhenItsPageIsWantedAndAsItWas() {
		PageFetcher pages = this.range.pages(this.lister, true, this.waiting::add);
		ListedPage first = pages.first(ListingPosition.START);
		StoreException failure = new StoreException("away");
		this.lister.failWith(failure);
		letListAhead();
		assertThat(this.lister.askedPages()).as("nothing behind it is listed").containsExactly(0, 1);
		assertThatThrownBy(() -> pages.next(first, PagedLister.cursor(1))).isSameAs(failure);
		assertThat(this.range.leaves()).isOne();
		pages.giveUp();
		assertThat(this.range.leaves()).isEqualTo(2);
	}

	@Test
	void nothingIsListedBehindAPageThatFailedAhead() {
		this.range.budget.tryAhead();
		PageFetcher pages = this.range.pages(this.lister, true);
		ListedPage first = pages.first(ListingPosition.START);
		this.lister.failWith(new StoreException("away"));
		this.range.budget.release();
		ListedPage second = pages.next(first, PagedLister.cursor(1));
		assertThat(second.entries()).hasSize(1);
		assertThat(this.lister.askedPages()).containsExactly(0, 1, 2);
		assertThat(this.range.leaves()).as("one for the failed page, none for what is behind it").isOne();
	}

	@Test
	void anErrorAheadIsNoFailureOfTheStore() {
		PageFetcher pages = this.range.pages(new ForwardingKeyValueStore(this.none) {
			@Override
			public KeyPage list(KeyRange bounds, ListingPosition from, int limit) {
				if (from.cursor() != null) {
					throw new AssertionError("broken");
				}
				return PageFetcherTests.this.lister.list(bounds, from, limit);
			}
		}, true);
		ListedPage first = pages.first(ListingPosition.START);
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> pages.next(first, PagedLister.cursor(1)))
			.withCauseInstanceOf(AssertionError.class);
	}

	@Test
	void behindTheLastPageThereIsNone() {
		PagedLister two = PagedLister.of("a", "b");
		PageBudget threeAhead = new PageBudget(StoreCapabilities.of(1000, 3000), 1);
		PageFetcher pages = new PageFetcher(two, RangeTester.ALL, threeAhead, true, this.waiting::add, this.range.stop,
				this.range.clock);
		ListedPage first = pages.first(ListingPosition.START);
		letListAhead();
		ListedPage last = pages.next(first, PagedLister.cursor(1));
		for (int i = 0; i < 2; i++) {
			assertThatIllegalStateException().isThrownBy(() -> pages.next(last, PagedLister.cursor(2)))
				.withMessage("no page at cursor 2");
		}
		assertThat(two.askedPages()).containsExactly(0, 1);
	}

	@Test
	void whoGivesUpWaitsForWhatIsUnderWayAndListsNothingMore() throws InterruptedException {
		PageFetcher pages = this.range.pages(this.lister, true, this.waiting::add);
		pages.first(ListingPosition.START);
		Thread givingUp = new Thread(pages::giveUp);
		givingUp.start();
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> givingUp.getState() == Thread.State.WAITING);
		assertThat(this.range.leaves()).isZero();
		letListAhead();
		givingUp.join();
		assertThat(this.lister.askedPages()).containsExactly(0);
		assertThat(this.range.leaves()).isEqualTo(2);
	}

	@Test
	void whoGaveUpMayBeginAgain() {
		PageFetcher pages = this.range.pages(this.lister, true);
		pages.first(ListingPosition.START);
		ListedPage again = pages.first(new ListingPosition(PagedLister.cursor(1), null));
		assertThat(again.entries()).extracting(KeyEntry::key).isEqualTo(RangeTester.keys("c"));
		ListedPage next = pages.next(again, PagedLister.cursor(2));
		assertThat(next.entries()).extracting(KeyEntry::key).isEqualTo(RangeTester.keys("d"));
		assertThat(this.lister.askedPages()).containsExactly(0, 1, 2, 1, 2, 3);
	}

	@Test
	void onlyTheRestOfAPageIsShownWhoseKeysHaveAnOrder() {
		ListingPosition behind = new ListingPosition(null, Key.of("a"));
		assertThat(this.range.pages(this.lister, true).first(behind).entries()).extracting(KeyEntry::key)
			.isEqualTo(RangeTester.keys("b"));
		PagedLister other = PagedLister.of("a b");
		assertThat(this.range.pages(other, false).first(behind).entries()).extracting(KeyEntry::key)
			.isEqualTo(RangeTester.keys("a", "b"));
	}

	@Test
	void whereItsPlaceIsForgottenItIsFoundFromTheStart() {
		assertThat(this.range.budget.tryAhead() && this.range.budget.tryAhead()).isTrue();
		PageFetcher pages = this.range.pages(this.lister, true);
		ListedPage first = pages.first(ListingPosition.START);
		this.range.clock.advance(Duration.ofSeconds(7));
		Instant later = this.range.clock.instant();
		this.lister.failWith(refusal());
		ListedPage second = pages.next(first, PagedLister.cursor(1));
		assertThat(second.entries()).extracting(KeyEntry::key).isEqualTo(RangeTester.keys("c"));
		assertThat(second.listedAt()).isEqualTo(later);
		assertThat(this.lister.askedPages()).containsExactly(0, 1, 0, 1);
	}

	@Test
	void partOfAPageMayBeThePlace() {
		PagedLister two = PagedLister.of("a b c", "d");
		two.failWith(refusal());
		ListedPage page = this.range.pages(two, true).first(new ListingPosition(PagedLister.cursor(1), Key.of("b")));
		assertThat(page.entries()).extracting(KeyEntry::key).isEqualTo(RangeTester.keys("c"));
		assertThat(page.from()).isEqualTo(ListingPosition.START);
	}

	@Test
	void aPlaceBehindTheLastKeyIsAtTheEnd() {
		PagedLister two = PagedLister.of("a", "b");
		two.failWith(refusal());
		ListedPage page = this.range.pages(two, true).first(new ListingPosition(PagedLister.cursor(1), Key.of("b")));
		assertThat(page.entries()).isEmpty();
		assertThat(page.page().next()).isNull();
	}

	@Test
	void aPlaceThatIsForgottenAgainAndAgainIsNotLookedForForEver() {
		PageFetcher pages = this.range.pages(this.lister, true);
		CursorRefusedException last = refusal();
		this.lister.failWith(refusal(), refusal(), refusal(), last);
		assertThatThrownBy(() -> pages.first(new ListingPosition(PagedLister.cursor(1), Key.of("b")))).isSameAs(last);
		assertThat(this.lister.askedPages()).containsExactly(1, 0, 0, 0);
		this.lister.failWith(refusal(), refusal(), refusal());
		assertThat(pages.first(new ListingPosition(PagedLister.cursor(1), Key.of("b"))).entries()).hasSize(1);
	}

	@Test
	void whereKeysHaveNoOrderAForgottenPlaceCannotBeFound() {
		CursorRefusedException refusal = refusal();
		this.lister.failWith(refusal);
		assertThatThrownBy(() -> this.range.pages(this.lister, false).first(PagedLister.page(1))).isSameAs(refusal);
		assertThat(this.lister.askedPages()).containsExactly(1);
	}

	@Test
	void aStopEndsTheSearchForAPlace() {
		this.range.stop.request("enough");
		this.lister.failWith(refusal());
		assertThatExceptionOfType(TransientStoreException.class)
			.isThrownBy(() -> this.range.pages(this.lister, true).first(PagedLister.page(1)))
			.withMessage("stopped while listing again");
		assertThat(this.lister.askedPages()).containsExactly(1);
	}

	@Test
	void onlyWhereKeysHaveAnOrderIsItKnownWhatWasPassed() {
		ListedPage first = this.range.pages(this.lister, true).first(ListingPosition.START);
		assertThat(this.range.pages(this.lister, true).passed(first)).isEqualTo(Key.of("b"));
		assertThat(this.range.pages(this.lister, false).passed(first)).isNull();
	}

	/** What is listed ahead is so on another thread, which the range waits for. */
	@Test
	void pagesAheadComeInOrderOneAtATimeAndNoneAfterTheyAreGivenUp() {
		ExecutorService threads = Executors.newFixedThreadPool(3);
		try {
			Interleavings.asTheyCome(() -> {
				AtomicInteger underWay = new AtomicInteger();
				AtomicInteger listed = new AtomicInteger();
				PageFetcher pages = this.range.pages(new ForwardingKeyValueStore(this.none) {
					@Override
					public KeyPage list(KeyRange bounds, ListingPosition from, int limit) {
						assertThat(underWay.incrementAndGet()).isOne();
						listed.incrementAndGet();
						KeyPage page = PagedLister.ofSingles(6).list(bounds, from, limit);
						underWay.decrementAndGet();
						return page;
					}
				}, true, threads);
				ListedPage page = pages.first(ListingPosition.START);
				for (int number = 1; number <= 3; number++) {
					page = pages.next(page, PagedLister.cursor(number));
					assertThat(page.entries().get(0).key()).isEqualTo(Key.of("key/%07d".formatted(number)));
				}
				pages.giveUp();
				int before = listed.get();
				assertThat(underWay).hasValue(0);
				assertThat(this.range.leaves()).isEqualTo(2);
				assertThat(listed).hasValue(before).hasValueBetween(4, 6);
			});
		}
		finally {
			threads.shutdown();
		}
	}

}
