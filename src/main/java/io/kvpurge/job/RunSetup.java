package io.kvpurge.job;

import java.time.Clock;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.backup.RunBackup;
import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.filter.EntryFilter;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.resilient.CallMeter;
import io.kvpurge.store.resilient.ResilientKeyValueStore;
import io.kvpurge.store.resilient.RetrySettings;
import io.kvpurge.store.resilient.Traffic;

/**
 * Everything that the steps of one run need: made once, before the job starts.
 *
 * @param fence the right to write to the run
 * @param mode what happens to what matches
 * @param definition what is purged
 * @param filter its rule, bound to parameters and asOf
 * @param store the opened store
 * @param ledger where everything is written down
 * @param maxAge see {@link BulkDeleteItemWriter}
 * @param settleDelay how long a call may take effect after it was begun
 * @param retry how store calls are repeated
 * @param traffic what all ranges share on their way to the store
 * @param recheck whether entries are read and judged once more before their delete
 * @param ownership proves that the run is this process's
 * @param stop ends the run at the next chunk
 * @param clock the time
 * @param backup where entries are saved before their delete, null for nowhere
 */
record RunSetup(RunFence fence, RunMode mode, BoundDefinition definition, EntryFilter filter, KeyValueStore store,
		DeletionLedger ledger, Duration maxAge, Duration settleDelay, RetrySettings retry, Traffic traffic,
		boolean recheck, RunOwnership ownership, StopSignal stop, Clock clock, @Nullable RunBackup backup) {

	/** What the keys begin with. */
	List<Key> prefixes() {
		return this.definition.prefixes();
	}

	/** How many ranges shall be worked on at once. */
	int partitions() {
		return this.definition.definition().partitions();
	}

	/** The store as one range sees it, or what else has calls of its own to count. */
	ResilientKeyValueStore paced(CallMeter meter) {
		return new ResilientKeyValueStore(this.store, this.retry, this.traffic, meter, this.stop::await,
				this.ownership::check);
	}

}
