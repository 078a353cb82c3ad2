package io.kvpurge.job;

import java.util.List;

import org.junit.jupiter.api.Test;

import io.kvpurge.ledger.KeyOutcome;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.store.Cursor;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.ListingPosition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The keys of a plan, page by page, as if a store listed them. */
class PlannedKeysTests {

	private final RangeTester range = new RangeTester();

	private final PlannedKeys planned = new PlannedKeys(this.range.ledger, this.range.fence.run(), 1);

	private void plan(String... keys) {
		RangeWork work = this.range.work();
		work.plan(RangeTester.keys(keys), ListingPosition.START, false);
	}

	private KeyPage list(ListingPosition from, int limit) {
		return this.planned.list(RangeTester.ALL, from, limit);
	}

	private static ListingPosition at(String cursor) {
		return ListingPosition.at(new Cursor(cursor));
	}

	private static void assertPage(KeyPage page, String next, String... keys) {
		assertThat(page.entries()).isEqualTo(RangeTester.keys(keys).stream().map(KeyEntry::of).toList());
		assertThat(page.next()).isEqualTo((next != null) ? new Cursor(next) : null);
	}

	@Test
	void eachBlockIsListedInPages() {
		plan("a", "b", "c", "d", "e");
		plan("f");
		assertPage(list(ListingPosition.START, 2), "1:2", "a", "b");
		assertPage(list(at("1:2"), 2), "1:4", "c", "d");
		assertPage(list(at("1:4"), 2), "2:0", "e");
		assertPage(list(at("2:0"), 2), null, "f");
		assertPage(list(ListingPosition.START, 5), "2:0", "a", "b", "c", "d", "e");
	}

	@Test
	void whatWasPassedOfAPageIsNotShown() {
		plan("a", "b", "c", "d");
		assertPage(list(new ListingPosition(null, Key.of("b")), 3), "1:3", "c");
		assertPage(list(new ListingPosition(new Cursor("1:2"), Key.of("d")), 3), null);
	}

	@Test
	void anEmptyPlanHasAnEmptyPage() {
		assertPage(list(ListingPosition.START, 3), null);
	}

	@Test
	void itEndsBeforeTheDeletesOfItsOwnRun() {
		plan("a", "b");
		RangeWork work = this.range.work();
		work.settleAndRewind(work.announce(RangeTester.keys("a"), null), List.of(KeyOutcome.of(Outcome.DELETED)),
				List.of());
		assertPage(list(ListingPosition.START, 1), "1:1", "a");
		assertPage(list(at("1:1"), 1), null, "b");
		assertPage(list(at("2:0"), 1), null);
		work.announce(RangeTester.keys("b"), null);
		assertPage(list(at("3:0"), 1), null);
		assertPage(list(ListingPosition.START, 2), null, "a", "b");
	}

	@Test
	void itHasTheRangesOfThePlan() {
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> this.planned.split(RangeTester.keys(""), 1))
			.withMessage("a plan has its ranges");
	}

}
