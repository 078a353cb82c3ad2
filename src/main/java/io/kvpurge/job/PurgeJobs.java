package io.kvpurge.job;

import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import io.kvpurge.backup.BackupContent;
import io.kvpurge.backup.BackupException;
import io.kvpurge.backup.RunBackup;
import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.definition.DefinitionException;
import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.definition.Settings;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.LedgerDatabase;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunAttempt;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunIdentity;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.RunReport;
import io.kvpurge.report.SavedEntries;
import io.kvpurge.store.Guarantee;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.resilient.CallMeter;
import io.kvpurge.store.resilient.ResilientKeyValueStore;
import io.kvpurge.store.resilient.ResilientOpening;
import io.kvpurge.store.resilient.RetrySettings;
import io.kvpurge.store.resilient.Traffic;

/**
 * Runs purges and carries on with those that were cut off. One instance runs one purge at
 * a time; across processes, the database sees to it that a definition is run by one only.
 */
public final class PurgeJobs {

	private final Home home;

	private final Settings settings;

	private final RunOrigin origin;

	private final Clock clock;

	private final Function<PurgeDefinition, KeyValueStore> storeOpening;

	private final RetrySettings retry;

	private final StopSignal stop = new StopSignal();

	/**
	 * @param home where state is kept
	 * @param settings how to work
	 * @param environment gives the value of a variable, null if it is not set
	 * @param origin who launches
	 * @param clock the time
	 */
	public PurgeJobs(Home home, Settings settings, UnaryOperator<@Nullable String> environment, RunOrigin origin,
			Clock clock) {
		this((definition) -> definition.store().open(environment, settings.requestTimeout()), RetrySettings.DEFAULT,
				home, settings, origin, clock);
	}

	PurgeJobs(Function<PurgeDefinition, KeyValueStore> storeOpening, RetrySettings retry, Home home, Settings settings,
			RunOrigin origin, Clock clock) {
		this.home = home;
		this.settings = settings;
		this.storeOpening = storeOpening;
		this.retry = retry;
		this.origin = origin;
		this.clock = clock;
	}

	/**
	 * Asks the run to end at its next chunk, as {@link RunState#STOPPED}. May be called
	 * by any thread, at any time, more than once.
	 * @param reason one line, for the ledger
	 */
	public void requestStop(String reason) {
		this.stop.request(reason);
	}

	/**
	 * Runs a definition to its end: carries on with its unfinished run of the same
	 * digest, parameters and store, else begins a new one. An unfinished one of another
	 * digest is sealed as superseded.
	 * @return what happened; whether the run was completed, stopped or failed stands
	 * there
	 * @throws HeldException if the definition is held
	 * @throws io.kvpurge.ledger.DatabaseBusyException if another process is running it
	 * @throws io.kvpurge.definition.DefinitionException if the definition cannot be used
	 * @throws io.kvpurge.store.StoreException if the store cannot be opened
	 */
	public RunReport run(RunRequest request, RunListener listener) {
		PurgeDefinition definition = request.definition().definition();
		DefinitionHome kept = this.home.definition(definition.name());
		refuseHeld(kept);
		if (kept.hasLedger()) {
			// Who owns the ledger is known before the store is asked, which may be locked
			// too.
			try (LedgerDatabase database = own(kept, request.patience());
					KeyValueStore store = open(definition, kept)) {
				return run(request, kept, database, store, listener);
			}
		}
		// What is wrong with the store shows before anything is made.
		try (KeyValueStore store = open(definition, kept); LedgerDatabase database = own(kept, request.patience())) {
			return run(request, kept, database, store, listener);
		}
	}

	private KeyValueStore open(PurgeDefinition definition, DefinitionHome kept) {
		KeyValueStore store = new ResilientOpening(this.retry, this.stop::await)
			.open(() -> this.storeOpening.apply(definition));
		try {
			BackupPlace.require(definition, kept, store.capabilities());
			return store;
		}
		catch (RuntimeException ex) {
			store.close();
			throw ex;
		}
	}

	private static void refuseHeld(DefinitionHome kept) {
		Hold hold = kept.activeHold();
		if (hold != null) {
			throw new HeldException(kept.name(), hold);
		}
	}

	private LedgerDatabase own(DefinitionHome kept, Duration patience) {
		return new LedgerAcquisition(this.stop, this.clock).own(kept, patience);
	}

	private RunReport run(RunRequest request, DefinitionHome kept, LedgerDatabase database, KeyValueStore store,
			RunListener listener) {
		refuseHeld(kept); // it may have been set while this was waiting
		PurgeDefinition definition = request.definition().definition();
		RunIdentity wanted = new RunIdentity(definition.name(), definition.digest(),
				request.definition().parametersJson(), store.identity(), request.mode(),
				this.clock.instant().truncatedTo(ChronoUnit.MILLIS));
		Traffic traffic = Traffic.local(store.capabilities(), definition.requests());
		KeyValueStore paced = new ResilientKeyValueStore(store, this.retry, traffic, new CallMeter(), this.stop::await,
				() -> {
				});
		DoubtfulCalls doubtful = new DoubtfulCalls(paced, settleDelay(store.capabilities()), this.stop);
		RunFence fence = new RunSelection(database.ledger(), store, doubtful, this.origin, this.clock).select(wanted,
				request.fresh(), definition);
		return execute(kept, database, store, traffic, request.definition(), fence, listener);
	}

	/**
	 * Lifts the hold of a definition and carries on with its unfinished run.
	 * @param name the definition
	 * @param number which run, null for the newest that is unfinished
	 * @return what happened, null if there is no unfinished run
	 * @throws DefinitionException if there is no such run, it is finished, or its store
	 * is another one by now
	 */
	public @Nullable RunReport resume(String name, @Nullable Integer number, RunListener listener) {
		DefinitionHome kept = this.home.definition(name);
		if (!kept.hasLedger()) {
			throw problem("there is no run of " + name + " in " + this.home.location());
		}
		try (LedgerDatabase database = own(kept, Duration.ZERO)) {
			PurgeRun run = resumable(database.ledger(), name, number);
			kept.hold().lift();
			if (run == null) {
				return null;
			}
			PurgeDefinition definition = new DefinitionReader().read(run.definitionText(),
					"the definition of run " + run.id());
			BoundDefinition bound = definition.bindJson(run.identity().parameters());
			try (KeyValueStore store = open(definition, kept)) {
				if (!store.identity().equals(run.identity().store())) {
					throw problem("run " + run.id() + " belongs to the store " + run.identity().store()
							+ ", but its definition now leads to " + store.identity());
				}
				RunFence fence = database.ledger().takeOver(run.id(), this.origin);
				return execute(kept, database, store, Traffic.local(store.capabilities(), definition.requests()), bound,
						fence, listener);
			}
		}
	}

	private static @Nullable PurgeRun resumable(DeletionLedger ledger, String name, @Nullable Integer number) {
		if (number == null) {
			return ledger.runs(name).stream().filter((run) -> run.state().isResumable()).findFirst().orElse(null);
		}
		PurgeRun run = ledger.find(new RunId(name, number));
		if (run == null) {
			throw problem("there is no run " + name + "." + number);
		}
		if (!run.state().isResumable()) {
			throw problem("run " + run.id() + " is " + run.state() + ": there is nothing to resume");
		}
		return run;
	}

	private RunReport execute(DefinitionHome kept, LedgerDatabase database, KeyValueStore store, Traffic traffic,
			BoundDefinition definition, RunFence fence, RunListener listener) {
		DeletionLedger ledger = database.ledger();
		PurgeRun run = found(ledger, fence.run());
		List<String> errors;
		RunBackup backup = (run.identity().mode() != RunMode.PLAN)
				? BackupPlace.of(definition.definition(), kept, fence.run().number()) : null;
		try (RunOwnership ownership = new RunOwnership(ledger, fence, this.stop, this.clock);
				RunMonitor monitor = new RunMonitor(kept, ledger, run,
						RangeHint.of(store.capabilities(), definition.definition().partitions()), listener, this.stop,
						this.clock)) {
			ownership.start();
			monitor.start();
			RunSetup setup = new RunSetup(fence, run.identity().mode(), definition,
					definition.filter(run.identity().asOf()), store, ledger, this.settings.maxAge(),
					settleDelay(store.capabilities()), this.retry, traffic,
					run.guarantee() == Guarantee.RECHECK_THEN_DELETE, ownership, this.stop, this.clock, backup);
			errors = launch(database, setup, run);
			ownership.throwIfLost();
		}
		end(ledger, fence, errors);
		return new RunReport(found(ledger, fence.run()), ledger.totals(fence.run()), this.clock.instant(), errors,
				saved(backup));
	}

	/** What cannot be saved is not begun: the run can be carried on with later. */
	private List<String> launch(LedgerDatabase database, RunSetup setup, PurgeRun run) {
		try {
			if (setup.backup() != null) {
				setup.backup().prepare();
			}
		}
		catch (BackupException ex) {
			return List.of(String.valueOf(ex.getMessage()));
		}
		return new JobLauncher(database.dataSource(), this.clock).launch(setup, run.identity());
	}

	private Duration settleDelay(StoreCapabilities capabilities) {
		Duration set = this.settings.settleDelay();
		return (set != null) ? set : capabilities.settleDelay();
	}

	private void end(DeletionLedger ledger, RunFence fence, List<String> errors) {
		if (found(ledger, fence.run()).state() != RunState.RUNNING) {
			return; // sealed
		}
		String stopReason = this.stop.reason();
		if (!errors.isEmpty()) {
			int fruitless = RunAttempt.fruitless(ledger.attempts(fence.run()), ledger.totals(fence.run()));
			ledger.end(fence, RunState.FAILED,
					errors.get(0) + ((errors.size() > 1) ? " (and " + (errors.size() - 1) + " more)" : "")
							+ ((fruitless > 1) ? " (the " + fruitless + " latest attempts came no further)" : ""));
		}
		else {
			ledger.end(fence, RunState.STOPPED, (stopReason != null) ? stopReason : "stopped");
		}
	}

	private static @Nullable SavedEntries saved(@Nullable RunBackup backup) {
		if (backup == null) {
			return null;
		}
		try {
			BackupContent content = backup.content();
			return new SavedEntries(content.entries(), content.size(), backup.folder().toString());
		}
		catch (BackupException ex) {
			// What was deleted is told all the same; what is wrong with the backup, too.
			return new SavedEntries(null, null, String.valueOf(ex.getMessage()));
		}
	}

	private static PurgeRun found(DeletionLedger ledger, RunId id) {
		PurgeRun run = ledger.find(id);
		if (run == null) {
			throw new IllegalStateException("run " + id + " is gone from the ledger");
		}
		return run;
	}

	private static DefinitionException problem(String line) {
		return new DefinitionException(List.of(line));
	}

}
