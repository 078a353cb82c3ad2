package io.kvpurge.store;

import java.util.Collection;
import java.util.List;

/** Looks entries up by their keys. Safe for use by several threads. */
public interface KeyReader {

	/**
	 * The entries of those keys that are there now, in no particular order, as
	 * {@link KeyLister#list} would show them, with metadata even where listings show
	 * none. More keys than {@link StoreCapabilities#readLimit()} are asked for in several
	 * calls.
	 * @throws TransientStoreException if asking again may help
	 * @throws StoreException if it will not
	 */
	List<KeyEntry> find(Collection<Key> keys);

	/**
	 * The entries of those keys that are there now, in no particular order, with all that
	 * {@link KeyWriter#write} can put back: values byte by byte, where the store can do
	 * {@link StoreCapability#VALUES}. More keys than
	 * {@link StoreCapabilities#readLimit()} are asked for in several calls.
	 * @throws TransientStoreException if asking again may help
	 * @throws StoreException if it will not
	 */
	List<KeyValue> read(Collection<Key> keys);

	/**
	 * As {@link #read}, with everything else that the store keeps of an entry, and each
	 * as {@link #find} would show it at the same moment: where the store can do
	 * {@link StoreCapability#CONDITIONAL_DELETE}, a delete of what was found deletes what
	 * was read, or nothing. Such a store must override it.
	 * @throws TransientStoreException if asking again may help
	 * @throws StoreException if it will not
	 */
	default List<StoredEntry> readStored(Collection<Key> keys) {
		return read(keys).stream()
			.map((content) -> new StoredEntry(
					new KeyEntry(content.key(), content.metadata(), content.expiration(), null), content))
			.toList();
	}

}
