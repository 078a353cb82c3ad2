package io.kvpurge.store;

import java.util.List;

/** Lists keys, range by range and page by page. Safe for use by several threads. */
public interface KeyLister {

	/**
	 * Divides the keys under the prefixes into disjoint ranges that together cover each
	 * of them, those written later included.
	 * @param prefixes prefixes of which none begins with another
	 * @param wanted how many ranges the caller would like; a hint, at least 1
	 * @return at least one range for each prefix, more where the store is
	 * {@link StoreCapability#SPLITTABLE}
	 * @throws StoreException if the store cannot be read
	 */
	List<KeyRange> split(List<Key> prefixes, int wanted);

	/**
	 * Lists the entries of a range behind a position. A key that stands in the range from
	 * the first page to the last is listed, whatever is deleted meanwhile; one that comes
	 * or goes meanwhile may be.
	 * @param range the range
	 * @param from where to begin; its {@code lastKey} and all before it are left out if
	 * the store is {@link StoreCapability#RESUMABLE}, else {@code lastKey} is ignored
	 * @param limit how many entries at most, 1 to {@link StoreCapabilities#pageLimit()}
	 * @return the page
	 * @throws IllegalArgumentException if the limit is out of its bounds
	 * @throws CursorRefusedException if the position's cursor is not known any more
	 * @throws TransientStoreException if asking again may help
	 * @throws StoreException if it will not
	 */
	KeyPage list(KeyRange range, ListingPosition from, int limit);

}
