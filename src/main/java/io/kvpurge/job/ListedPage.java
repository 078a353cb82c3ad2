package io.kvpurge.job;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.ListingPosition;

/**
 * A page, and where and when it was listed.
 *
 * @param page what the store gave
 * @param from the position from which it was asked for
 * @param passed the last key of the pages before it, null for none
 * @param listedAt when it was asked for
 */
record ListedPage(KeyPage page, ListingPosition from, @Nullable Key passed, Instant listedAt) {

	List<KeyEntry> entries() {
		return this.page.entries();
	}

	/** The last key of this page and those before it, null for none. */
	@Nullable Key lastKey() {
		return entries().isEmpty() ? this.passed : entries().get(entries().size() - 1).key();
	}

	/** The position behind this key of the page. */
	ListingPosition behind(Key key) {
		return new ListingPosition(this.from.cursor(), key);
	}

	/**
	 * Without the entries up to the key that was passed before it, for a store that lists
	 * in order of keys.
	 */
	ListedPage onlyNew() {
		Key last = this.passed;
		if (last == null || entries().isEmpty() || entries().get(0).key().compareTo(last) > 0) {
			return this;
		}
		List<KeyEntry> rest = entries().stream().filter((entry) -> entry.key().compareTo(last) > 0).toList();
		return new ListedPage(new KeyPage(rest, this.page.next()), this.from, last, this.listedAt);
	}

}
