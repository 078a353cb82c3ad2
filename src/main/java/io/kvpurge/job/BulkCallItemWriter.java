package io.kvpurge.job;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamWriter;

import io.kvpurge.store.BatchTooLargeException;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.QuotaExhaustedException;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;

/**
 * Gathers matching entries across chunks and deletes them in bulk: when the bulk limit is
 * reached, when many pages were listed since the range was last written down, when the
 * oldest gathered entry is about to be too old, and at the range's end. While a call is
 * under way it gathers for the next one, which is begun when the one before it is
 * settled. Where entries have to be listed again, it forgets what it gathered; at the
 * range's end, when the framework reads no more, it lists them itself.
 */
final class BulkCallItemWriter implements ItemStreamWriter<MatchedEntry> {

	private static final Log logger = LogFactory.getLog(BulkCallItemWriter.class);

	/** A resume lists at most so many pages again. */
	static final int PAGES_UNSAVED = 100;

	/** How often in a row a batch may come to nothing before the range fails. */
	private static final int FRUITLESS_BATCHES = 3;

	/** The same, where the store asks to be left alone. */
	private static final int THROTTLED_BATCHES = 20;

	private final BulkCall bulkCall;

	private final RangeReading reading;

	private final RangeWork work;

	private final DoubtfulCalls doubtful;

	private final BatchSize batchSize;

	private final @Nullable Duration batchMaxAge;

	private final Duration gatherMaxAge;

	private final Duration patience;

	private final StopSignal stop;

	private final Clock clock;

	private final List<MatchedEntry> gathered = new ArrayList<>();

	/** Those of the gathered: no call names a key twice. */
	private final Set<Key> gatheredKeys = new HashSet<>();

	private BulkCall.@Nullable UnderWay underWay;

	private int pagesAtSave;

	private int fruitless;

	/**
	 * @param batchLimit how many keys a batch may name
	 * @param comparing whether the store compares what it deletes with what was listed
	 * @param maxAge how long after its listing an entry may be deleted, if it does not
	 * @param patience how long a batch may be sent again, if it does
	 */
	BulkCallItemWriter(BulkCall bulkCall, RangeReading reading, RangeWork work, DoubtfulCalls doubtful, int batchLimit,
			boolean comparing, Duration maxAge, Duration patience, StopSignal stop, Clock clock) {
		this.bulkCall = bulkCall;
		this.reading = reading;
		this.work = work;
		this.doubtful = doubtful;
		this.batchSize = new BatchSize(batchLimit);
		this.batchMaxAge = comparing ? null : maxAge;
		this.patience = patience;
		this.gatherMaxAge = maxAge.dividedBy(2);
		this.stop = stop;
		this.clock = clock;
	}

	@Override
	public void open(ExecutionContext executionContext) {
		this.doubtful.settle(this.work);
	}

	@Override
	public void write(Chunk<? extends MatchedEntry> chunk) {
		int rewinds = this.work.rewinds();
		for (MatchedEntry entry : chunk) {
			gather(entry);
			if (rewinds != this.work.rewinds()) {
				return; // the rest of the chunk will be read again
			}
		}
	}

	@Override
	public void update(ExecutionContext executionContext) {
		if (this.reading.isExhausted()) {
			finish();
		}
		else if (this.stop.isRequested()) {
			settleUnderWay(); // the step ends here
		}
		else if (!this.gathered.isEmpty()
				&& (pagesUnsaved() >= PAGES_UNSAVED || age(this.gathered.get(0)).compareTo(this.gatherMaxAge) >= 0)) {
			deleteGathered();
		}
		else {
			if (this.underWay != null && this.underWay.isAnswered()) {
				settleUnderWay();
			}
			if (this.underWay == null && this.gathered.isEmpty()) {
				savePosition();
			}
		}
		RangeProgressContext.put(executionContext, this.work.saved());
	}

	private void gather(MatchedEntry entry) {
		if (!this.gatheredKeys.add(entry.key())) {
			// Listed twice: the call after this one finds out that it is gone.
			int rewinds = this.work.rewinds();
			deleteGathered();
			if (rewinds != this.work.rewinds()) {
				return; // it will be read again
			}
			this.gatheredKeys.add(entry.key());
		}
		this.gathered.add(entry);
		if (this.gathered.size() >= this.batchSize.keys()) {
			deleteGathered();
		}
	}

	private void finish() {
		if (this.work.saved().done()) {
			return;
		}
		while (!this.stop.isRequested()) {
			deleteGathered();
			settleUnderWay();
			MatchedEntry entry = this.reading.nextMatch();
			if (entry == null) {
				// A stop ends the reading too, and may have come in the midst of it.
				if (this.reading.isExhausted()) {
					this.work.save(this.reading.position(), true);
				}
				return;
			}
			// Something was rewound: the framework reads no more, so the rest is read
			// here.
			gatherRest(entry);
		}
		settleUnderWay();
	}

	private void gatherRest(MatchedEntry first) {
		int rewinds = this.work.rewinds();
		for (MatchedEntry entry = first; entry != null; entry = this.reading.nextMatch()) {
			gather(entry);
			if (rewinds != this.work.rewinds() || this.stop.isRequested()) {
				return;
			}
		}
	}

	private void savePosition() {
		if (pagesUnsaved() >= PAGES_UNSAVED || this.work.isSaveDue()) {
			this.work.save(this.reading.position(), false);
			this.pagesAtSave = this.reading.pagesRead();
		}
	}

	private void deleteGathered() {
		settleUnderWay();
		if (this.gathered.isEmpty()) {
			return;
		}
		List<MatchedEntry> batch = List.copyOf(this.gathered);
		forgetGathered();
		this.pagesAtSave = this.reading.pagesRead();
		Duration within = (this.batchMaxAge != null) ? this.batchMaxAge.minus(age(batch.get(0))) : this.patience;
		if (within.isNegative()) {
			this.work.rewind();
			countFruitless(new StoreException("entries wait longer than max-age (" + this.batchMaxAge
					+ ") between their listing and their delete: list less at once or raise max-age"));
			return;
		}
		this.underWay = this.bulkCall.begin(batch, within);
	}

	/**
	 * Waits for the call under way, if there is one, and settles it. What was gathered
	 * behind entries that have to be listed again is forgotten.
	 */
	void settleUnderWay() {
		BulkCall.UnderWay sent = this.underWay;
		if (sent == null) {
			return;
		}
		this.underWay = null;
		int rewinds = this.work.rewinds();
		try {
			learn(this.bulkCall.settle(sent));
		}
		catch (QuotaExhaustedException ex) {
			learn(ex);
		}
		if (rewinds != this.work.rewinds()) {
			forgetGathered();
		}
	}

	private void forgetGathered() {
		this.gathered.clear();
		this.gatheredKeys.clear();
	}

	/** After a failure elsewhere a call may be under way: what it did is written down. */
	@Override
	public void close() {
		BulkCall.UnderWay sent = this.underWay;
		this.underWay = null;
		if (sent != null) {
			try {
				this.bulkCall.settle(sent);
			}
			catch (RuntimeException ex) {
				logger.info("the call under way stays in doubt: " + ex.getMessage());
			}
		}
	}

	/**
	 * A call may be more than what is left of a quota: a smaller one may still be done.
	 */
	private void learn(QuotaExhaustedException ex) {
		if (!this.batchSize.halve()) {
			throw ex;
		}
	}

	private void learn(DeleteResult result) {
		StoreException cause = result.cause();
		if (cause == null) {
			this.fruitless = 0;
			this.batchSize.grow();
			return;
		}
		if (cause instanceof QuotaExhaustedException exhausted) {
			learn(exhausted);
			return;
		}
		boolean tooMuch = !result.doubtful().isEmpty() || cause instanceof BatchTooLargeException;
		if (!tooMuch || !this.batchSize.halve()) {
			countFruitless(cause);
		}
	}

	private void countFruitless(StoreException cause) {
		boolean throttled = cause instanceof TransientStoreException passing && passing.retryAfter() != null;
		int most = throttled ? THROTTLED_BATCHES : FRUITLESS_BATCHES;
		if (++this.fruitless >= most && !this.stop.isRequested()) {
			throw cause;
		}
	}

	private int pagesUnsaved() {
		return this.reading.pagesRead() - this.pagesAtSave;
	}

	private Duration age(MatchedEntry entry) {
		return Duration.between(entry.listedAt(), this.clock.instant());
	}

}
