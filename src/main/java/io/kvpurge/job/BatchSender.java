package io.kvpurge.job;

import java.time.Duration;
import java.util.List;

import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.store.DeleteResult;

/** Does with the entries of a call what the run is about, in time or not at all. */
@FunctionalInterface
interface BatchSender {

	/**
	 * Deletes the entries as {@link io.kvpurge.store.KeyDeleter} does. Of a run that puts
	 * back, the result speaks of the opposite: deleted is restored, vanished is expired,
	 * spared is there again.
	 * @param call where they were written down
	 * @param entries one for each of its keys
	 * @param within how long something may be sent; what was not done until then is
	 * undone
	 * @throws io.kvpurge.store.StoreException if certainly nothing was done
	 */
	DeleteResult send(LedgerCall call, List<MatchedEntry> entries, Duration within);

}
