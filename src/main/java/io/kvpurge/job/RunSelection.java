package io.kvpurge.job;

import java.time.Clock;

import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunAttempt;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunIdentity;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.ledger.RunState;
import io.kvpurge.store.Guarantee;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.resilient.CallMeter;

/** Finds the run that a launch carries on with, or opens a new one. */
final class RunSelection {

	/** So many attempts in a row may come no further before a run is begun anew. */
	private static final int FRUITLESS_ATTEMPTS = 3;

	private final DeletionLedger ledger;

	private final KeyValueStore store;

	private final DoubtfulCalls doubtful;

	private final RunOrigin origin;

	private final Clock clock;

	RunSelection(DeletionLedger ledger, KeyValueStore store, DoubtfulCalls doubtful, RunOrigin origin, Clock clock) {
		this.ledger = ledger;
		this.store = store;
		this.doubtful = doubtful;
		this.origin = origin;
		this.clock = clock;
	}

	/**
	 * Takes over the unfinished run that is the wanted one but for its asOf. Unfinished
	 * runs of the same parameters, store and mode that are not (the definition changed,
	 * or {@code fresh}) are settled and sealed as superseded; then a new run is opened.
	 * So is, once, one that came no further in its last attempts.
	 */
	RunFence select(RunIdentity wanted, boolean fresh, PurgeDefinition definition) {
		RunId replaces = null;
		for (PurgeRun run : this.ledger.runs(wanted.definition())) {
			if (!run.state().isResumable() || !isReplacedBy(run.identity(), wanted)) {
				continue;
			}
			if (fresh || !run.identity().continuesAs(wanted)) {
				supersede(run, "superseded by a newer launch before it was done");
				continue;
			}
			int fruitless = (run.replaces() != null) ? 0 : fruitlessAttempts(run);
			if (fruitless < FRUITLESS_ATTEMPTS) {
				return this.ledger.takeOver(run.id(), this.origin);
			}
			supersede(run, "given up after " + fruitless + " attempts that came no further: " + run.reason());
			replaces = run.id();
		}
		StoreCapabilities capabilities = this.store.capabilities();
		boolean rechecks = (definition.recheck() || definition.backup() != null
				|| (definition.limits().judgeFirst() && wanted.mode() == RunMode.PURGE))
				&& !capabilities.can(StoreCapability.CONDITIONAL_DELETE);
		return this.ledger.begin(wanted, definition.text(),
				rechecks ? Guarantee.RECHECK_THEN_DELETE : capabilities.guarantee(),
				rechecks || capabilities.can(StoreCapability.TELLS_VANISHED), this.origin, replaces);
	}

	/** How many attempts in a row failed and came no further, the latest included. */
	private int fruitlessAttempts(PurgeRun run) {
		return RunAttempt.fruitless(this.ledger.attempts(run.id()), this.ledger.totals(run.id()));
	}

	private static boolean isReplacedBy(RunIdentity unfinished, RunIdentity wanted) {
		return unfinished.concernsSameAs(wanted) && unfinished.mode() == wanted.mode();
	}

	/** What was announced is looked into first: a sealed run has nothing in doubt. */
	void supersede(PurgeRun run, String reason) {
		RunFence fence = this.ledger.takeOver(run.id(), this.origin);
		try {
			for (LedgerRange range : this.ledger.ranges(run.id())) {
				this.doubtful.settle(new RangeWork(this.ledger, fence, range, new CallMeter(), this.clock));
				if (!this.ledger.unsettled(run.id(), range.number()).isEmpty()) {
					throw new StoreException("stopped while waiting to see what run " + run.id() + " had deleted");
				}
			}
			this.ledger.seal(fence, RunState.SUPERSEDED, reason);
		}
		catch (StoreException ex) {
			this.ledger.end(fence, RunState.FAILED, String.valueOf(ex.getMessage()));
			throw ex;
		}
	}

}
