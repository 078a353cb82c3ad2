package io.kvpurge.job;

import java.time.Clock;

import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.ledger.RunIdentity;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.ledger.RunState;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.resilient.CallMeter;

/** Finds the run that a launch carries on with, or opens a new one. */
final class RunSelection {

	private final DeletionLedger ledger;

	private final KeyValueStore store;

	private final StopSignal stop;

	private final Clock clock;

	RunSelection(DeletionLedger ledger, KeyValueStore store, StopSignal stop, Clock clock) {
		this.ledger = ledger;
		this.store = store;
		this.stop = stop;
		this.clock = clock;
	}

	/**
	 * Takes over the unfinished run that is the wanted one but for its asOf. Unfinished
	 * runs of the same parameters, store and mode that are not (the definition changed,
	 * or {@code fresh}) are settled and sealed as superseded; then a new run is opened.
	 */
	RunFence select(RunIdentity wanted, boolean fresh, String definitionText, RunOrigin origin) {
		for (PurgeRun run : this.ledger.runs(wanted.definition())) {
			if (!run.state().isResumable()) {
				continue;
			}
			if (!fresh && run.identity().continuesAs(wanted)) {
				return this.ledger.takeOver(run.id(), origin);
			}
			if (isReplacedBy(run.identity(), wanted)) {
				supersede(run, origin);
			}
		}
		return this.ledger.begin(wanted, definitionText, this.store.capabilities().guarantee(),
				this.store.capabilities().can(StoreCapability.TELLS_VANISHED), origin, null);
	}

	private static boolean isReplacedBy(RunIdentity unfinished, RunIdentity wanted) {
		return unfinished.parameters().equals(wanted.parameters()) && unfinished.store().equals(wanted.store())
				&& unfinished.mode() == wanted.mode();
	}

	/** What was announced is looked into first: a sealed run has nothing in doubt. */
	private void supersede(PurgeRun run, RunOrigin origin) {
		RunFence fence = this.ledger.takeOver(run.id(), origin);
		DoubtfulCalls doubtful = new DoubtfulCalls(this.store, this.store.capabilities().settleDelay(), this.stop,
				this.clock);
		for (LedgerRange range : this.ledger.ranges(run.id())) {
			doubtful.settle(new RangeWork(this.ledger, fence, range, new CallMeter(), this.clock));
		}
		this.ledger.seal(fence, RunState.SUPERSEDED, "superseded by a newer launch before it was done");
	}

}
