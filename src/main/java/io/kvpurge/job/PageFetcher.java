package io.kvpurge.job;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Cursor;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyLister;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.ListingPosition;

/**
 * Fetches the pages of one range in order, the next one while the present one is being
 * worked on if the budget allows. Confined to one thread, but for the fetch itself.
 */
final class PageFetcher {

	private final KeyLister lister;

	private final KeyRange range;

	private final PageBudget budget;

	private final boolean ordered;

	private final Executor executor;

	private final Clock clock;

	private @Nullable CompletableFuture<ListedPage> ahead;

	/**
	 * @param ordered whether the store lists in the order of keys
	 */
	PageFetcher(KeyLister lister, KeyRange range, PageBudget budget, boolean ordered, Executor executor, Clock clock) {
		this.lister = lister;
		this.range = range;
		this.budget = budget;
		this.ordered = ordered;
		this.executor = executor;
		this.clock = clock;
	}

	/**
	 * The page at a position; where the position is behind a key of the page, only the
	 * rest of it.
	 */
	ListedPage first(ListingPosition position) {
		giveUp();
		ListedPage page = list(position);
		Key lastKey = position.lastKey();
		// A store that cannot begin within a page shows again what was dealt with and
		// stayed (unmatched, refused): it must be neither counted nor sent twice.
		return aheadOf((lastKey != null && this.ordered) ? page.onlyBehind(lastKey) : page);
	}

	/** The page at the cursor that the page before named as its next. */
	ListedPage next(Cursor cursor) {
		ListedPage page = (this.ahead != null) ? join(this.ahead) : list(ListingPosition.at(cursor));
		return aheadOf(page);
	}

	private ListedPage join(CompletableFuture<ListedPage> fetched) {
		this.ahead = null;
		try {
			return fetched.join();
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof RuntimeException cause) {
				throw cause;
			}
			throw ex;
		}
		finally {
			this.budget.release();
		}
	}

	/** Waits for a fetch under way and forgets its page. */
	void giveUp() {
		CompletableFuture<ListedPage> fetched = this.ahead;
		this.ahead = null;
		if (fetched != null) {
			// Waited for, since whoever closes the store next must not do so under it.
			fetched.handle((page, failure) -> page).join();
			this.budget.release();
		}
	}

	private ListedPage aheadOf(ListedPage page) {
		Cursor next = page.page().next();
		if (next != null && this.budget.tryAhead()) {
			this.ahead = CompletableFuture.supplyAsync(() -> list(ListingPosition.at(next)), this.executor);
		}
		return page;
	}

	private ListedPage list(ListingPosition position) {
		Instant listedAt = this.clock.instant();
		return new ListedPage(this.lister.list(this.range, position, this.budget.pageSize()), position, listedAt);
	}

}
