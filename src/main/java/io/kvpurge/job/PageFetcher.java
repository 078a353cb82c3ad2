package io.kvpurge.job;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Cursor;
import io.kvpurge.store.CursorRefusedException;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyLister;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.TransientStoreException;

/**
 * Fetches the pages of one range in order, the next ones while the present one is being
 * worked on, as far as the budget allows: so listing goes on while a delete is under way.
 * Confined to one thread, but for the fetches themselves.
 */
final class PageFetcher {

	/** How often in a row a listing may lose its place. */
	static final int REFUSALS = 3;

	private final KeyLister lister;

	private final KeyRange range;

	private final PageBudget budget;

	private final boolean ordered;

	private final Executor executor;

	private final StopSignal stop;

	private final Clock clock;

	/** The pages that follow, each fetched after the one before it. */
	private final Deque<CompletableFuture<@Nullable ListedPage>> ahead = new ArrayDeque<>();

	/** Whether nobody wants the pages ahead any more. */
	private AtomicBoolean unwanted = new AtomicBoolean();

	/**
	 * @param ordered whether the store lists in the order of keys
	 */
	PageFetcher(KeyLister lister, KeyRange range, PageBudget budget, boolean ordered, Executor executor,
			StopSignal stop, Clock clock) {
		this.lister = lister;
		this.range = range;
		this.budget = budget;
		this.ordered = ordered;
		this.executor = executor;
		this.stop = stop;
		this.clock = clock;
	}

	/**
	 * The page at a position; where the position is behind a key of the page, only the
	 * rest of it.
	 */
	ListedPage first(ListingPosition position) {
		giveUp();
		// A store that cannot begin within a page shows again what was dealt with and
		// stayed (unmatched, refused): it must be neither counted nor sent twice.
		return aheadOf(list(position, this.ordered ? position.lastKey() : null));
	}

	/** The page behind one that named a cursor as its next. */
	ListedPage next(ListedPage before, Cursor cursor) {
		CompletableFuture<@Nullable ListedPage> fetched = this.ahead.poll();
		ListedPage page = (fetched != null) ? join(fetched) : list(ListingPosition.at(cursor), passed(before));
		if (page == null) {
			throw new IllegalStateException("no page at cursor " + cursor.value());
		}
		return aheadOf(page);
	}

	private @Nullable ListedPage join(CompletableFuture<@Nullable ListedPage> fetched) {
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

	/** Waits for a fetch under way and forgets the pages ahead. */
	void giveUp() {
		this.unwanted.set(true);
		this.unwanted = new AtomicBoolean();
		// Waited for, since whoever closes the store next must not do so under it.
		for (var fetched = this.ahead.poll(); fetched != null; fetched = this.ahead.poll()) {
			fetched.handle((page, failure) -> page).join();
			this.budget.release();
		}
	}

	private ListedPage aheadOf(ListedPage page) {
		CompletableFuture<@Nullable ListedPage> last = this.ahead.isEmpty() ? CompletableFuture.completedFuture(page)
				: this.ahead.getLast();
		while (this.ahead.size() < this.budget.depth() && mayHaveNext(last) && this.budget.tryAhead()) {
			AtomicBoolean notWanted = this.unwanted;
			last = last.thenApplyAsync((before) -> behind(before, notWanted), this.executor);
			this.ahead.add(last);
		}
		return page;
	}

	private static boolean mayHaveNext(CompletableFuture<@Nullable ListedPage> fetched) {
		if (!fetched.isDone() || fetched.isCompletedExceptionally()) {
			return !fetched.isDone();
		}
		ListedPage page = fetched.join();
		return page != null && page.page().next() != null;
	}

	private @Nullable ListedPage behind(@Nullable ListedPage before, AtomicBoolean notWanted) {
		Cursor next = (before != null && !notWanted.get()) ? before.page().next() : null;
		return (before != null && next != null) ? list(ListingPosition.at(next), passed(before)) : null;
	}

	/**
	 * The last key of a page and those before it, by which a listing finds its place
	 * again; null where keys have no order.
	 */
	@Nullable Key passed(ListedPage before) {
		return this.ordered ? before.lastKey() : null;
	}

	private ListedPage list(ListingPosition position, @Nullable Key passed) {
		try {
			return ask(position, passed);
		}
		catch (CursorRefusedException ex) {
			if (!this.ordered) {
				throw ex;
			}
			return again(passed, ex);
		}
	}

	/** From the start of the range to the first page with a key that was not passed. */
	private ListedPage again(@Nullable Key passed, CursorRefusedException refusal) {
		CursorRefusedException last = refusal;
		for (int refusals = 1; refusals <= REFUSALS; refusals++) {
			try {
				return walk(passed);
			}
			catch (CursorRefusedException ex) {
				last = ex;
			}
		}
		throw last;
	}

	private ListedPage walk(@Nullable Key passed) {
		ListingPosition position = ListingPosition.START;
		while (true) {
			if (this.stop.isRequested()) {
				throw new TransientStoreException("stopped while listing again", null, null);
			}
			ListedPage page = ask(position, passed);
			Cursor next = page.page().next();
			if (!page.entries().isEmpty() || next == null) {
				return page;
			}
			position = ListingPosition.at(next);
		}
	}

	private ListedPage ask(ListingPosition position, @Nullable Key passed) {
		Instant listedAt = this.clock.instant();
		return new ListedPage(this.lister.list(this.range, position, this.budget.pageSize()), position, passed,
				listedAt)
			.onlyNew();
	}

}
