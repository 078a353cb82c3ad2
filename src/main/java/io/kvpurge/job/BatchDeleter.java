package io.kvpurge.job;

import java.time.Duration;
import java.util.List;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.KeyEntry;

/** Deletes entries in time or not at all. */
@FunctionalInterface
interface BatchDeleter {

	/**
	 * Deletes the entries as {@link io.kvpurge.store.KeyDeleter} does.
	 * @param within how long something may be sent; what was not deleted until then is
	 * undone
	 * @throws io.kvpurge.store.StoreException if certainly nothing was deleted
	 */
	DeleteResult delete(List<KeyEntry> entries, Duration within);

}
