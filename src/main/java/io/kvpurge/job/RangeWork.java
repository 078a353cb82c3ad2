package io.kvpurge.job;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.kvpurge.filter.Decision;
import io.kvpurge.filter.Verdict;
import io.kvpurge.ledger.CallCounts;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.KeyOutcome;
import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.ledger.OutcomeCounts;
import io.kvpurge.ledger.RangeProgress;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.resilient.CallMeter;

/**
 * How one range stands: what was judged so far, and what of it is written down. Reader,
 * processor and writer of the range share it; it is confined to the thread of their step.
 * Everything it writes goes to the ledger first and is remembered after.
 */
final class RangeWork {

	private static final Log logger = LogFactory.getLog(RangeWork.class);

	/** How long progress may go unseen while nothing is deleted. */
	private static final Duration SAVE_INTERVAL = Duration.ofMillis(500);

	private final DeletionLedger ledger;

	private final RunFence fence;

	private final LedgerRange range;

	private final CallMeter meter;

	private final Clock clock;

	private final CallCounts callsBefore;

	private RangeProgress saved;

	private Instant savedAt;

	private Judged judged;

	private int rewinds;

	private boolean judgedBefore;

	/** What entries have in the fields of the rule, null if it is not counted. */
	private @Nullable FindingsTally tally;

	/** Keys that are dealt with behind the saved position, null if nobody asks. */
	private @Nullable Set<Key> done;

	private CountedOnce counted = CountedOnce.BY_LISTING;

	private boolean finding;

	RangeWork(DeletionLedger ledger, RunFence fence, LedgerRange range, CallMeter meter, Clock clock) {
		this.ledger = ledger;
		this.fence = fence;
		this.range = range;
		this.meter = meter;
		this.clock = clock;
		this.saved = range.progress();
		this.savedAt = clock.instant();
		this.callsBefore = this.saved.calls();
		this.judged = Judged.of(this.saved.counts(), this.saved.reasons());
	}

	/**
	 * Remembers from now on which keys are dealt with behind the saved position, those of
	 * earlier attempts too: a listing that lags behind may show them, and whoever cannot
	 * compare would count them twice.
	 */
	void rememberDone() {
		this.done = new HashSet<>(this.ledger.doneBehindPosition(this.range.run(), this.range.number()));
	}

	/**
	 * Counts each key once from now on, however often the listing shows it. Where what
	 * was counted is not remembered, the range begins anew.
	 * @param counted what is remembered, to be closed with the range
	 * @param finding whether what matches stays for now
	 */
	void countOnce(CountedKeys counted, boolean finding) {
		this.counted = counted;
		this.finding = finding;
		if (!counted.recall(this.saved.counts())) {
			beginAnew(counted);
		}
	}

	/** What is gone or found is counted as it was; all the rest is listed again. */
	private void beginAnew(CountedKeys memory) {
		logger.info("which keys were counted is not remembered here: the range begins anew");
		EntryCounts before = this.saved.counts();
		long known = before.deleted() + before.vanished();
		if (this.finding) {
			known += memory.recallFound(this.ledger, this.range);
		}
		EntryCounts counts = new EntryCounts(known, 0, 0, 0, known, before.deleted(), before.vanished(), 0, 0);
		save(new RangeProgress(ListingPosition.START, counts, this.saved.calls(), Map.of(), false,
				this.saved.findings()));
		rewind();
	}

	/** Whether an entry was counted before. */
	boolean isCounted(ListedEntry item) {
		return this.counted.isCounted(item.entry().key(), item.page().listedAt());
	}

	/** Counts from now on which metadata matching entries have. */
	void tallyMatching(Set<String> fields) {
		this.tally = FindingsTally.ofMatching(fields, this.saved);
	}

	/** Counts from now on which metadata the entries have that are deleted. */
	void tallyDeleted(Set<String> fields) {
		this.tally = FindingsTally.ofDeleted(fields, this.saved);
	}

	/** From now on only deletes are counted: what is deleted was judged before. */
	void judgedBefore() {
		this.judgedBefore = true;
	}

	/** What was judged so far. */
	Judged judged() {
		return this.judged;
	}

	/** Whether this range has dealt with this key, as far as that is remembered. */
	boolean isDone(Key key) {
		return this.done != null && this.done.contains(key);
	}

	/** The keys that belong to the range. */
	KeyRange bounds() {
		return this.range.bounds();
	}

	/** The number of the range within the run. */
	int number() {
		return this.range.number();
	}

	/** What the ledger knows of the range. */
	RangeProgress saved() {
		return this.saved;
	}

	/** How often the listing must have begun anew from the saved position. */
	int rewinds() {
		return this.rewinds;
	}

	/** Counts one more entry, and says what was judged up to it. */
	Judged judge(KeyEntry entry, Decision decision) {
		this.judged = this.judged.and(decision);
		boolean matched = decision.verdict() == Verdict.MATCHED;
		if (matched && this.tally != null) {
			this.tally.matched(entry);
		}
		if (matched && !this.finding) {
			this.counted.goes(entry.key());
		}
		else {
			this.counted.stays(entry.key());
		}
		return this.judged;
	}

	/** What will be counted of a matching entry when it is deleted. */
	List<String> values(KeyEntry entry) {
		return (this.tally != null) ? this.tally.valuesToKeep(entry) : List.of();
	}

	List<LedgerCall> unsettled() {
		return this.ledger.unsettled(this.range.run(), this.range.number());
	}

	/**
	 * Writes keys down before they are deleted: the first of them, where all would be
	 * more than the run may delete.
	 */
	LedgerCall announce(List<Key> keys, @Nullable Long maxDeletes) {
		return this.ledger.announce(this.fence, this.range.number(), keys, maxDeletes);
	}

	/**
	 * Writes down what became of a call each of whose keys was dealt with.
	 * @param batch its entries: the position moves behind the last of them
	 */
	void settle(LedgerCall call, List<KeyOutcome> outcomes, List<MatchedEntry> batch) {
		MatchedEntry last = batch.get(batch.size() - 1);
		EntryCounts counts = last.judged().with(this.saved.counts(), OutcomeCounts.of(outcomes));
		this.counted.save(counts, call.keys(), outcomes);
		settle(call, outcomes, batch, last.position(), counts, last.judged().reasons());
		this.counted.settled(counts.matched(), this.clock.instant());
	}

	/**
	 * Writes down what became of a call of which some keys will be judged again: the
	 * position stays before it, only what is done is counted, and the listing begins
	 * anew.
	 * @param batch its entries, empty if another process has gathered them
	 */
	void settleAndRewind(LedgerCall call, List<KeyOutcome> outcomes, List<MatchedEntry> batch) {
		OutcomeCounts now = OutcomeCounts.of(outcomes);
		long handled = now.allDeleted() + (long) now.vanished();
		long judgedNow = this.judgedBefore ? 0 : handled;
		EntryCounts counts = this.saved.counts()
			.plus(new EntryCounts(judgedNow, 0, 0, 0, judgedNow, now.allDeleted(), now.vanished(), 0, 0));
		List<KeyOutcome> known = outcomes.stream()
			.map((outcome) -> outcome.outcome().isDone() ? outcome : KeyOutcome.of(Outcome.LEFT))
			.toList();
		settle(call, known, batch, this.saved.position(), counts, this.saved.reasons());
		if (this.done != null) {
			for (int i = 0; i < known.size(); i++) {
				if (known.get(i).outcome().isDone()) {
					this.done.add(call.keys().get(i));
				}
			}
		}
		rewind();
	}

	/** Forgets what was judged behind the saved position, which is listed again. */
	void rewind() {
		this.judged = Judged.of(this.saved.counts(), this.saved.reasons());
		this.counted.rewind(this.judged.matched());
		this.rewinds++;
	}

	/** Whether progress was last written down so long ago that people miss it. */
	boolean isSaveDue() {
		return Duration.between(this.savedAt, this.clock.instant()).compareTo(SAVE_INTERVAL) >= 0;
	}

	/** Writes down that everything up to a position is dealt with. */
	void save(ListingPosition position, boolean done) {
		save(progress(position, this.judged.with(this.saved.counts()), this.judged.reasons(), done));
	}

	private void save(RangeProgress progress) {
		this.counted.save(progress.counts(), List.of(), List.of());
		this.ledger.save(this.fence, this.range.number(), progress);
		remember(progress);
	}

	/**
	 * Writes down keys that match, and that everything up to a position is dealt with.
	 */
	void plan(List<Key> keys, ListingPosition position, boolean done) {
		RangeProgress progress = progress(position, this.judged.with(EntryCounts.ZERO), this.judged.reasons(), done);
		this.counted.save(progress.counts(), List.of(), List.of());
		this.ledger.plan(this.fence, this.range.number(), keys, progress);
		remember(progress);
	}

	private void settle(LedgerCall call, List<KeyOutcome> outcomes, List<MatchedEntry> batch, ListingPosition position,
			EntryCounts counts, Map<String, Long> reasons) {
		if (this.tally != null) {
			this.tally.settled(outcomes, batch);
		}
		RangeProgress progress = progress(position, counts, reasons, false);
		this.ledger.settle(this.fence, call, outcomes, progress);
		remember(progress);
	}

	private void remember(RangeProgress progress) {
		this.saved = progress;
		this.savedAt = this.clock.instant();
	}

	private RangeProgress progress(ListingPosition position, EntryCounts counts, Map<String, Long> reasons,
			boolean done) {
		CallCounts calls = this.callsBefore
			.plus(new CallCounts(this.meter.list(), this.meter.delete(), this.meter.other(), this.meter.retried()));
		return new RangeProgress(position, counts, calls, reasons, done,
				(this.tally != null) ? this.tally.findings() : this.saved.findings());
	}

}
