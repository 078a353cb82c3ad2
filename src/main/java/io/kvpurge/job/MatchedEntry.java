package io.kvpurge.job;

import java.time.Instant;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.ListingPosition;

/**
 * The item that is written: an entry that goes.
 *
 * @param listed the entry and its page
 * @param judged what was judged in its range up to this entry, itself included
 */
record MatchedEntry(ListedEntry listed, Judged judged) {

	KeyEntry entry() {
		return this.listed.entry();
	}

	Key key() {
		return entry().key();
	}

	/** The position behind this entry. */
	ListingPosition position() {
		return this.listed.page().behind(key());
	}

	Instant listedAt() {
		return this.listed.page().listedAt();
	}

}
