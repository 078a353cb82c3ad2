package io.kvpurge.store;

import org.jspecify.annotations.Nullable;

/**
 * A place within the listing of a range: behind {@code lastKey} of the page that begins
 * at {@code cursor}.
 *
 * @param cursor where the page begins, null for the first page
 * @param lastKey the last key of that page that was dealt with, null for none
 */
public record ListingPosition(@Nullable Cursor cursor, @Nullable Key lastKey) {

	/** Before the first key. */
	public static final ListingPosition START = new ListingPosition(null, null);

	/** Before the first key of the page at {@code cursor}. */
	public static ListingPosition at(Cursor cursor) {
		return new ListingPosition(cursor, null);
	}

}
