package io.kvpurge.job;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;

import io.kvpurge.store.Cursor;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.ListingPosition;

/**
 * Reads the entries of a range, page by page, from where the ledger says that the range
 * stands. When the range is rewound, it begins there again with the next read.
 */
final class KeyListingItemReader implements ItemStreamReader<ListedEntry> {

	private final PageFetcher pages;

	private final RangeWork work;

	private final StopSignal stop;

	private @Nullable ListedPage page;

	private List<KeyEntry> entries = List.of();

	private int next;

	private int rewindsSeen;

	private int pagesRead;

	private boolean exhausted;

	/**
	 * @param stop ends the reading at the next page
	 */
	KeyListingItemReader(PageFetcher pages, RangeWork work, StopSignal stop) {
		this.pages = pages;
		this.work = work;
		this.stop = stop;
		this.rewindsSeen = work.rewinds();
		this.exhausted = work.saved().done();
	}

	/**
	 * The next entry; null at the end of the range, and when a stop is requested: then
	 * the range is not exhausted, and its step is not completed.
	 * @throws io.kvpurge.store.StoreException if the store cannot be listed
	 */
	@Override
	public @Nullable ListedEntry read() {
		if (this.rewindsSeen != this.work.rewinds()) {
			this.rewindsSeen = this.work.rewinds();
			this.page = null;
			this.exhausted = false;
		}
		while (!this.exhausted) {
			ListedPage current = this.page;
			if (current != null && this.next < this.entries.size()) {
				KeyEntry entry = this.entries.get(this.next++);
				if (this.work.isDone(entry.key())) {
					continue; // the listing lags behind
				}
				return new ListedEntry(entry, current);
			}
			if (this.stop.isRequested()) {
				return null;
			}
			turnPage(current);
		}
		return null;
	}

	private void turnPage(@Nullable ListedPage current) {
		if (current == null) {
			turnTo(this.pages.first(this.work.saved().position()));
			return;
		}
		Cursor cursor = current.page().next();
		if (cursor == null) {
			this.exhausted = true;
			return;
		}
		turnTo(this.pages.next(current, cursor));
	}

	private void turnTo(ListedPage turned) {
		this.page = turned;
		this.entries = turned.entries();
		this.next = 0;
		this.pagesRead++;
	}

	/** Whether the range was read to its end. */
	boolean isExhausted() {
		return this.exhausted;
	}

	/** How many pages were begun. */
	int pagesRead() {
		return this.pagesRead;
	}

	/** The position behind the entry that was read last. */
	ListingPosition position() {
		ListedPage current = this.page;
		if (current == null) {
			return this.work.saved().position();
		}
		Cursor cursor = current.page().next();
		if (this.next == this.entries.size() && cursor != null) {
			return new ListingPosition(cursor, this.pages.passed(current));
		}
		return (this.next == 0) ? current.from() : current.behind(this.entries.get(this.next - 1).key());
	}

	@Override
	public void open(ExecutionContext executionContext) {
		// The position stands in the ledger, in one transaction with the counts and the
		// settled calls that belong to it. The step's context may be older, or empty.
	}

	@Override
	public void close() {
		this.pages.giveUp();
	}

}
