package io.kvpurge.job;

import java.time.Instant;
import java.util.List;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.ListingPosition;

/**
 * The item that is written: an entry that goes. It does not hold on to its page, as ten
 * thousand of them may be gathered from a hundred pages.
 *
 * @param entry the entry, as far as its delete needs it
 * @param position the position behind it
 * @param listedAt when its page was asked for
 * @param judged what was judged in its range up to this entry, itself included
 * @param values what it has in the metadata fields that the rule names, empty if nobody
 * counts them
 */
record MatchedEntry(KeyEntry entry, ListingPosition position, Instant listedAt, Judged judged, List<String> values) {

	/** One whose values nobody counts. */
	MatchedEntry(KeyEntry entry, ListingPosition position, Instant listedAt, Judged judged) {
		this(entry, position, listedAt, judged, List.of());
	}

	/** The same, with the entry as it was read once more. */
	MatchedEntry as(KeyEntry now) {
		return new MatchedEntry(now, this.position, this.listedAt, this.judged, this.values);
	}

	Key key() {
		return this.entry.key();
	}

}
