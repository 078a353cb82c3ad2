package io.kvpurge.job;

import java.util.concurrent.Semaphore;

import io.kvpurge.store.Guarantee;
import io.kvpurge.store.StoreCapabilities;

/**
 * How many entries all ranges together may hold, so that memory does not grow with the
 * number of ranges: it bounds how many of them are worked on at once, the size of a page,
 * how many pages are listed ahead, and how many entries are gathered for a delete. Shared
 * by the threads of a run.
 */
final class PageBudget {

	/** With a kilobyte each, a fifth of a heap of 256 MB. */
	private static final int ENTRIES = 50_000;

	/**
	 * Of what is gathered only keys are kept where the store cannot compare. While a call
	 * is under way, as many again are gathered for the next.
	 */
	private static final int GATHERED = 200_000;

	private static final int SMALLEST_PAGE = 100;

	/** Pages of a store that gives no more than this are never made smaller. */
	private static final int FULL_PAGE = 1000;

	/** More pages to a chunk would save few more writes to the job repository. */
	private static final int PAGES_IN_CHUNK = 10;

	/** The same, where what was listed may soon be something else. */
	private static final int FRESH_PAGES_IN_CHUNK = 2;

	private final int ranges;

	private final int pageSize;

	private final int chunkSize;

	private final int batchLimit;

	private final int depth;

	private final Semaphore ahead;

	/**
	 * @param capabilities of the store
	 * @param partitions how many ranges shall be worked on at once
	 */
	PageBudget(StoreCapabilities capabilities, int partitions) {
		boolean small = capabilities.pageLimit() <= FULL_PAGE;
		// Small pages mean that each call costs: then rather fewer ranges than more
		// calls.
		this.ranges = small ? Math.min(partitions, ENTRIES / capabilities.pageLimit()) : partitions;
		// A range holds the page it reads, the matches of it and a bulk call besides, and
		// pages listed ahead.
		int share = Math.max(SMALLEST_PAGE, ENTRIES / (4 * this.ranges));
		this.pageSize = small ? capabilities.pageLimit() : Math.min(capabilities.pageLimit(), share);
		// Where a store cannot compare, what was listed must not wait for further pages.
		boolean waits = capabilities.guarantee() == Guarantee.COMPARE_AND_DELETE;
		this.chunkSize = waits ? Math.max(this.pageSize, Math.min(PAGES_IN_CHUNK * this.pageSize, share))
				: small ? this.pageSize : FRESH_PAGES_IN_CHUNK * this.pageSize;
		int gathered = waits ? share : GATHERED / this.ranges;
		this.batchLimit = Math.min(capabilities.bulkLimit(), Math.max(this.pageSize, gathered));
		// What a bulk call deletes can be listed while it is under way.
		this.depth = Math.max(1, Math.min(capabilities.bulkLimit(), ENTRIES / 2) / this.pageSize);
		this.ahead = new Semaphore(Math.max(1, ENTRIES / (2 * this.pageSize)));
	}

	/** How many ranges are worked on at once. */
	int ranges() {
		return this.ranges;
	}

	/** How many entries a page may have. */
	int pageSize() {
		return this.pageSize;
	}

	/** How many entries are read between two writes to the job repository. */
	int chunkSize() {
		return this.chunkSize;
	}

	/** How many entries a range may gather for one delete. */
	int batchLimit() {
		return this.batchLimit;
	}

	/** How many pages a range may list ahead. */
	int depth() {
		return this.depth;
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
