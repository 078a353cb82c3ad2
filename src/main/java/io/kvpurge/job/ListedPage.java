package io.kvpurge.job;

import java.time.Instant;
import java.util.List;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.ListingPosition;

/**
 * A page, and where and when it was listed.
 *
 * @param page what the store gave
 * @param from the position from which it was asked for
 * @param listedAt when it was asked for
 */
record ListedPage(KeyPage page, ListingPosition from, Instant listedAt) {

	List<KeyEntry> entries() {
		return this.page.entries();
	}

	/** The position behind this key of the page. */
	ListingPosition behind(Key key) {
		return new ListingPosition(this.from.cursor(), key);
	}

	/** Without the entries up to this key, for a store that lists in order of keys. */
	ListedPage onlyBehind(Key key) {
		List<KeyEntry> rest = entries().stream().filter((entry) -> entry.key().compareTo(key) > 0).toList();
		return new ListedPage(new KeyPage(rest, this.page.next()), this.from, this.listedAt);
	}

}
