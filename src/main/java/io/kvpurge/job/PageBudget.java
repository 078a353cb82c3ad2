package io.kvpurge.job;

import java.util.concurrent.Semaphore;

import io.kvpurge.store.Guarantee;
import io.kvpurge.store.StoreCapabilities;

/**
 * How many entries all ranges together may hold, so that memory does not grow with the
 * number of ranges: it bounds the size of a page, and how many pages are listed ahead.
 * Shared by the threads of a run.
 */
final class PageBudget {

	/** With a kilobyte each, a fifth of a heap of 256 MB. */
	private static final int ENTRIES = 50_000;

	private static final int SMALLEST_PAGE = 100;

	/** More pages to a chunk would save few more writes to the job repository. */
	private static final int PAGES_IN_CHUNK = 10;

	private final int pageSize;

	private final int chunkSize;

	private final Semaphore ahead;

	/**
	 * @param capabilities of the store
	 * @param ranges how many are worked on at once
	 */
	PageBudget(StoreCapabilities capabilities, int ranges) {
		// A range holds the page it reads, the matches of it and a bulk call besides, and
		// perhaps one page listed ahead.
		int share = Math.max(SMALLEST_PAGE, ENTRIES / (4 * ranges));
		this.pageSize = Math.min(capabilities.pageLimit(), share);
		// Where a store cannot compare, what was listed must not wait for further pages.
		boolean waits = capabilities.guarantee() == Guarantee.COMPARE_AND_DELETE;
		this.chunkSize = waits ? Math.max(this.pageSize, Math.min(PAGES_IN_CHUNK * this.pageSize, share))
				: this.pageSize;
		this.ahead = new Semaphore(Math.max(1, ENTRIES / (4 * this.pageSize)));
	}

	/** How many entries a page may have. */
	int pageSize() {
		return this.pageSize;
	}

	/** How many entries are read between two writes to the job repository. */
	int chunkSize() {
		return this.chunkSize;
	}

	/** Takes leave to list a page ahead; never waits. */
	boolean tryAhead() {
		return this.ahead.tryAcquire();
	}

	/** Gives the leave back, once the page is taken or given up. */
	void release() {
		this.ahead.release();
	}

}
