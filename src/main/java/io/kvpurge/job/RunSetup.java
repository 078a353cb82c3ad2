package io.kvpurge.job;

import java.time.Clock;
import java.time.Duration;
import java.util.List;

import io.kvpurge.filter.EntryFilter;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.resilient.RetrySettings;

/**
 * Everything that the steps of one run need: made once, before the job starts.
 *
 * @param fence the right to write to the run
 * @param mode what happens to what matches
 * @param store the opened store
 * @param ledger where everything is written down
 * @param prefixes what the keys begin with
 * @param filter the rule, bound to parameters and asOf
 * @param partitions how many ranges are worked on at once
 * @param maxAge see {@link BulkDeleteItemWriter}
 * @param settleDelay how long a call may take effect after it was begun
 * @param retry how store calls are repeated
 * @param ownership proves that the run is this process's
 * @param stop ends the run at the next chunk
 * @param clock the time
 */
record RunSetup(RunFence fence, RunMode mode, KeyValueStore store, DeletionLedger ledger, List<Key> prefixes,
		EntryFilter filter, int partitions, Duration maxAge, Duration settleDelay, RetrySettings retry,
		RunOwnership ownership, StopSignal stop, Clock clock) {

}
