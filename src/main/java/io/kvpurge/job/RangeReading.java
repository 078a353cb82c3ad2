package io.kvpurge.job;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.ListingPosition;

/** Reader and processor of a range, as its writer sees them. */
final class RangeReading {

	private final KeyListingItemReader reader;

	private final EntryProcessor processor;

	RangeReading(KeyListingItemReader reader, EntryProcessor processor) {
		this.reader = reader;
		this.processor = processor;
	}

	/** The next entry that matches, null at the end of the range. */
	@Nullable MatchedEntry nextMatch() {
		for (ListedEntry item = this.reader.read(); item != null; item = this.reader.read()) {
			MatchedEntry matched = this.processor.process(item);
			if (matched != null) {
				return matched;
			}
		}
		return null;
	}

	boolean isExhausted() {
		return this.reader.isExhausted();
	}

	int pagesRead() {
		return this.reader.pagesRead();
	}

	ListingPosition position() {
		return this.reader.position();
	}

}
