package io.kvpurge.job;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

import io.kvpurge.store.Cursor;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyLister;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.ListingPosition;

/**
 * Pages that a test has made up, each with its number as its cursor. Like a store that
 * cannot begin within a page, it shows all of it again.
 */
final class PagedLister implements KeyLister {

	private final List<List<KeyEntry>> pages;

	private final Deque<RuntimeException> failures = new ArrayDeque<>();

	private final List<ListingPosition> asked = new ArrayList<>();

	private PagedLister(List<List<KeyEntry>> pages) {
		this.pages = pages;
	}

	/** One page for each text, with a key for each word of it. */
	static PagedLister of(String... pages) {
		return new PagedLister(Arrays.stream(pages)
			.map((page) -> page.isEmpty() ? List.<KeyEntry>of()
					: Arrays.stream(page.split(" ")).map((key) -> KeyEntry.of(Key.of(key))).toList())
			.toList());
	}

	/** So many pages of one key each. */
	static PagedLister ofSingles(int count) {
		List<List<KeyEntry>> pages = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			pages.add(List.of(KeyEntry.of(Key.of("key/%07d".formatted(i)))));
		}
		return new PagedLister(pages);
	}

	/** The next calls fail with these. */
	void failWith(RuntimeException... next) {
		this.failures.addAll(Arrays.asList(next));
	}

	/** From where it was asked to list, call by call. */
	List<ListingPosition> asked() {
		return this.asked;
	}

	/** The same, as the numbers of pages. */
	List<Integer> askedPages() {
		return this.asked.stream().map(PagedLister::number).toList();
	}

	static ListingPosition page(int number) {
		return (number == 0) ? ListingPosition.START : ListingPosition.at(cursor(number));
	}

	static Cursor cursor(int number) {
		return new Cursor(Integer.toString(number));
	}

	private static int number(ListingPosition from) {
		return (from.cursor() != null) ? Integer.parseInt(from.cursor().value()) : 0;
	}

	@Override
	public List<KeyRange> split(List<Key> prefixes, int wanted) {
		throw new UnsupportedOperationException();
	}

	@Override
	public KeyPage list(KeyRange range, ListingPosition from, int limit) {
		this.asked.add(from);
		RuntimeException failure = this.failures.poll();
		if (failure != null) {
			throw failure;
		}
		int number = number(from);
		return new KeyPage(this.pages.get(number), (number + 1 < this.pages.size()) ? cursor(number + 1) : null);
	}

}
