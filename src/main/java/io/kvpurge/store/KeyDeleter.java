package io.kvpurge.store;

import java.util.List;

/** Deletes entries in bulk. Safe for use by several threads. */
public interface KeyDeleter {

	/**
	 * Deletes the entries: whatever stands under their keys, or, if the store can do
	 * {@link StoreCapability#CONDITIONAL_DELETE}, only what still is as it was listed.
	 * More than {@link StoreCapabilities#bulkLimit()} are deleted in several calls.
	 * @param entries entries with distinct keys, as this store listed them
	 * @return what became of each of them, failures of single keys and of single calls
	 * included
	 * @throws StoreException if certainly nothing was deleted and sending again will not
	 * help
	 */
	DeleteResult delete(List<KeyEntry> entries);

}
