package io.kvpurge.store;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One page of a listing.
 *
 * @param entries the entries in the store's order; may be empty while more pages follow
 * @param next where the next page begins, null at the end of the range
 */
public record KeyPage(List<KeyEntry> entries, @Nullable Cursor next) {

	public KeyPage {
		entries = List.copyOf(entries);
	}

}
