package io.kvpurge.job;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;

import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.MemoryLedger;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.ledger.RunIdentity;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.store.Guarantee;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyLister;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.resilient.CallMeter;
import io.kvpurge.testkit.MutableClock;

/**
 * One range of a run, with a ledger in memory and a clock that stands still: what reader
 * and writer of a range share, without the run around them.
 */
final class RangeTester {

	/** One for all tests: each has a run of its own. */
	private static final DeletionLedger LEDGER = MemoryLedger.open(Clock.systemUTC()).ledger();

	static final KeyRange ALL = KeyRange.of(Key.of(""));

	/** Room for two pages ahead, of which a range may take both. */
	private static final StoreCapabilities TWO_AHEAD = StoreCapabilities.of(12_500, 25_000);

	final MutableClock clock = new MutableClock(Instant.parse("2026-01-01T00:00:00Z"));

	final StopSignal stop = new StopSignal();

	final PageBudget budget = new PageBudget(TWO_AHEAD, 1);

	final DeletionLedger ledger = LEDGER;

	final RunFence fence;

	RangeTester() {
		this.fence = this.ledger.begin(
				new RunIdentity("cache", "digest", "{}", "memory:test", RunMode.PURGE, Instant.EPOCH), "name: cache",
				Guarantee.LIST_THEN_DELETE, true, new RunOrigin("jane", "host", 1, "test"), null);
		this.ledger.saveRanges(this.fence, List.of(ALL));
	}

	/** The range as the ledger has it. */
	LedgerRange range() {
		return this.ledger.ranges(this.fence.run()).get(0);
	}

	/** The work of a new attempt. */
	RangeWork work() {
		return new RangeWork(this.ledger, this.fence, range(), new CallMeter(), this.clock);
	}

	/** Lists what is ahead at once. */
	PageFetcher pages(KeyLister lister, boolean ordered) {
		return pages(lister, ordered, Runnable::run);
	}

	PageFetcher pages(KeyLister lister, boolean ordered, Executor executor) {
		return new PageFetcher(lister, ALL, this.budget, ordered, executor, this.stop, this.clock);
	}

	KeyListingItemReader reader(KeyLister lister, RangeWork work) {
		return new KeyListingItemReader(pages(lister, true), work, this.stop);
	}

	/** How many pages could be listed ahead by others now. */
	int leaves() {
		int leaves = 0;
		while (this.budget.tryAhead()) {
			leaves++;
		}
		for (int i = 0; i < leaves; i++) {
			this.budget.release();
		}
		return leaves;
	}

	static List<Key> keys(String... names) {
		return Arrays.stream(names).map(Key::of).toList();
	}

	/** What became of the keys of each call, by their letters: {@code a=DELETED}. */
	List<String> calls() {
		List<String> calls = new ArrayList<>();
		this.ledger.calls(this.fence.run(), (call) -> calls.add(text(call)));
		return calls;
	}

	private static String text(LedgerCall call) {
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < call.keys().size(); i++) {
			Outcome outcome = call.outcomes().isEmpty() ? null : call.outcomes().get(i).outcome();
			text.append(text.isEmpty() ? "" : " ").append(call.keys().get(i).text()).append('=').append(outcome);
		}
		return text.toString();
	}

}
