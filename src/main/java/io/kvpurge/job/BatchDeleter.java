package io.kvpurge.job;

import java.time.Duration;
import java.util.List;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.KeyEntry;

/** Does what a call of the ledger is about, in time or not at all. */
@FunctionalInterface
interface BatchDeleter {

	/**
	 * Deletes the entries as {@link io.kvpurge.store.KeyDeleter} does.
	 * @param call the number of the call within its range
	 * @param within how long something may be sent; what was not deleted until then is
	 * undone
	 * @throws io.kvpurge.store.StoreException if certainly nothing was deleted
	 */
	DeleteResult delete(int call, List<KeyEntry> entries, Duration within);

}
