package io.kvpurge.job;

import java.time.Clock;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.backup.RunBackup;
import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.definition.Limits;
import io.kvpurge.definition.Window;
import io.kvpurge.filter.EntryFilter;
import io.kvpurge.given.GivenKeys;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunIdentity;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.TransientStoreException;
import io.kvpurge.store.resilient.CallMeter;
import io.kvpurge.store.resilient.ResilientKeyValueStore;
import io.kvpurge.store.resilient.RetrySettings;
import io.kvpurge.store.resilient.Traffic;

/**
 * Everything that the steps of one run need: made once, before the job starts.
 *
 * @param fence the right to write to the run
 * @param identity what it is a run of
 * @param definition what is purged
 * @param filter its rule, bound to parameters and asOf
 * @param store the opened store
 * @param ledger where everything is written down
 * @param maxAge see {@link BulkCallItemWriter}
 * @param settleDelay how long a call may take effect after it was begun
 * @param retry how store calls are repeated
 * @param traffic what all ranges share on their way to the store
 * @param findsFirst whether everything is found before anything is deleted
 * @param recheck whether entries are read and judged once more before their delete
 * @param ownership proves that the run is this process's
 * @param stop ends the run at the next chunk
 * @param clock the time
 * @param backup where entries are saved before their delete, null for nowhere
 * @param restore what is put back, null if nothing is
 * @param given the keys that the definition names one by one, null if they are listed, or
 * were found before
 * @param counted where it is kept which keys were counted
 * @param remote hands the ranges out to others, null if this process works on them
 */
record RunSetup(RunFence fence, RunIdentity identity, BoundDefinition definition, EntryFilter filter,
		KeyValueStore store, DeletionLedger ledger, Duration maxAge, Duration settleDelay, RetrySettings retry,
		Traffic traffic, boolean findsFirst, boolean recheck, RunOwnership ownership, StopSignal stop, Clock clock,
		@Nullable RunBackup backup, @Nullable RestoreSource restore, @Nullable GivenKeys given, CountedFolder counted,
		@Nullable RemoteRanges remote) {

	/** What happens to what matches. */
	RunMode mode() {
		return this.identity.mode();
	}

	/** The plan that is applied, null if there is none. */
	@Nullable RunId plan() {
		Integer number = this.identity.plan();
		return (number != null) ? new RunId(this.identity.definition(), number) : null;
	}

	/**
	 * The run whose calls name what is deleted: the plan, or this run, which has found it
	 * first. Null if it is listed.
	 */
	@Nullable RunId spool() {
		return this.findsFirst ? this.fence.run() : plan();
	}

	/** What the keys begin with. */
	List<Key> prefixes() {
		return this.definition.prefixes();
	}

	/**
	 * Right before anything is deleted or written.
	 * @throws io.kvpurge.ledger.FencedException if the run may have another owner
	 * @throws TransientStoreException if its window is over
	 */
	private void checkBeforeChange() {
		Window window = RunExecution.window(mode(), this.definition.definition());
		if (window != null && !window.contains(this.clock.instant())) {
			this.stop.request(RunState.PAUSED, RunMonitor.over(window));
			throw new TransientStoreException(RunMonitor.over(window), null, null);
		}
		this.ownership.check();
	}

	/** How many ranges shall be worked on at once. */
	int partitions() {
		return this.definition.definition().partitions();
	}

	/** What the run stays within. */
	Limits limits() {
		return this.definition.definition().limits();
	}

	/** The run whose ranges this one has, null if it makes its own. */
	@Nullable RunId rangesOf() {
		return (this.restore != null) ? this.restore.run() : plan();
	}

	/** The store as one range sees it, or what else has calls of its own to count. */
	ResilientKeyValueStore paced(CallMeter meter) {
		return new ResilientKeyValueStore(this.store, this.retry, this.traffic, meter, this.stop::await,
				this::checkBeforeChange);
	}

	/**
	 * What settles deletes of which the outcome is not known.
	 * @param range the store, as {@link #paced} gives it
	 * @param delay how long to wait before looking
	 */
	DoubtfulCalls doubtfulDeletes(ResilientKeyValueStore range, Duration delay) {
		return new DoubtfulCalls(new LookingForGone(range, spool() == null, this.stop), delay, this.stop);
	}

}
