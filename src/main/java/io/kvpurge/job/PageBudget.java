package io.kvpurge.job;

import java.util.concurrent.Semaphore;

import io.kvpurge.store.StoreCapabilities;

/**
 * How many entries all ranges together may hold, so that memory does not grow with the
 * number of ranges: it bounds the size of a page, and how many pages are listed ahead.
 * Shared by the threads of a run.
 */
final class PageBudget {

	/** With a kilobyte each, a good third of a heap of 256 MB. */
	private static final int ENTRIES = 100_000;

	private static final int SMALLEST_PAGE = 100;

	private final int pageSize;

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
		this.ahead = new Semaphore(Math.max(1, ENTRIES / (4 * this.pageSize)));
	}

	/** How many entries a page may have. */
	int pageSize() {
		return this.pageSize;
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
