package io.kvpurge.job;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.LedgerDatabase;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.KeyValueStore;

/** Carries on with an unfinished run of one definition, from what the ledger keeps. */
final class Resumption {

	private final PurgeJobs jobs;

	private final DefinitionHome home;

	private final RunOrigin origin;

	Resumption(PurgeJobs jobs, DefinitionHome home, RunOrigin origin) {
		this.jobs = jobs;
		this.home = home;
		this.origin = origin;
	}

	/**
	 * Lifts the hold and carries on.
	 * @param number which run, null for the newest that is unfinished
	 * @return what happened, null if there is no unfinished run
	 */
	@Nullable RunReport resume(@Nullable Integer number, RunListener listener) {
		try (LedgerDatabase database = this.jobs.own(this.home, Duration.ZERO)) {
			PurgeRun run = resumable(database.ledger(), this.home.name(), number);
			this.home.hold().lift();
			if (run == null) {
				return null;
			}
			if (run.identity().restore() != null) {
				return this.jobs.restoration(this.home, listener).resume(database, run);
			}
			return resume(database, run, listener);
		}
	}

	private RunReport resume(LedgerDatabase database, PurgeRun run, RunListener listener) {
		BoundDefinition bound = PurgeJobs.bound(run);
		PurgeDefinition definition = bound.definition();
		this.jobs.refuseOutsideWindow(run.identity().mode(), definition);
		refuseOtherKeys(run, definition);
		try (Workers workers = this.jobs.workers(definition); KeyValueStore store = this.jobs.open(definition)) {
			PurgeJobs.refuseAnotherStore(run, store);
			RunFence fence = database.ledger().takeOver(run.id(), this.origin);
			return this.jobs.execution(this.home, listener, workers)
				.execute(database, store, PurgeJobs.traffic(store, definition), bound, fence);
		}
	}

	private static @Nullable PurgeRun resumable(DeletionLedger ledger, String name, @Nullable Integer number) {
		if (number == null) {
			return ledger.runs(name).stream().filter((run) -> run.state().isResumable()).findFirst().orElse(null);
		}
		PurgeRun run = ledger.find(new RunId(name, number));
		if (run == null) {
			throw PurgeJobs.problem("there is no run " + name + "." + number);
		}
		if (!run.state().isResumable()) {
			throw PurgeJobs.problem("run " + run.id() + " is " + run.state() + ": there is nothing to resume");
		}
		return run;
	}

	private static void refuseOtherKeys(PurgeRun run, PurgeDefinition definition) {
		if (definition.keys() != null && run.identity().mode() != RunMode.APPLY
				&& !definition.digestWithKeys().equals(run.identity().digest())) {
			throw PurgeJobs.problem(definition.keys().described() + ": has other keys than when run " + run.id()
					+ " was begun: begin anew with 'kvpurge run FILE'");
		}
	}

}
