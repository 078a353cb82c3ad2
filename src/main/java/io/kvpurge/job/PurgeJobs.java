package io.kvpurge.job;

import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.definition.DefinitionException;
import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.definition.Settings;
import io.kvpurge.definition.Window;
import io.kvpurge.ledger.LedgerDatabase;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.ledger.RunIdentity;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.KeyValueStore;
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
	 * @throws OutsideWindowException if it may not delete now
	 * @throws io.kvpurge.ledger.DatabaseBusyException if another process is running it
	 * @throws io.kvpurge.definition.DefinitionException if the definition cannot be used,
	 * or selects every key of its store without saying so twice
	 * @throws io.kvpurge.store.StoreException if the store cannot be opened
	 */
	public RunReport run(RunRequest request, RunListener listener) {
		PurgeDefinition definition = request.definition().definition();
		refuseOutsideWindow(request.mode(), definition);
		if (request.mode() == RunMode.PURGE && definition.plans().approvalRequired()) {
			throw problem(definition.source() + ": needs approval: make a plan with 'kvpurge plan', have it reviewed,"
					+ " and run 'kvpurge apply " + definition.name() + ".N --expect DIGEST'");
		}
		if (request.mode() == RunMode.PURGE) {
			definition.requireGuard();
		}
		DefinitionHome kept = this.home.definition(definition.name());
		BackupPlace.require(definition, kept);
		String digest = definition.digestWithKeys();
		refuseHeld(kept);
		try (Workers workers = workers(definition)) {
			RunExecution execution = execution(kept, listener, workers);
			if (kept.hasLedger()) {
				// Who owns the ledger is known before the store is asked, which may be
				// locked too.
				try (LedgerDatabase database = own(kept, request.patience()); KeyValueStore store = open(definition)) {
					return run(request, digest, kept, database, store, execution);
				}
			}
			// What is wrong with the store shows before anything is made.
			try (KeyValueStore store = open(definition); LedgerDatabase database = own(kept, request.patience())) {
				return run(request, digest, kept, database, store, execution);
			}
		}
	}

	void refuseOutsideWindow(RunMode mode, PurgeDefinition definition) {
		Window window = RunExecution.window(mode, definition);
		if (window != null && !window.contains(this.clock.instant())) {
			throw new OutsideWindowException(definition.name(), window, this.clock.instant());
		}
	}

	KeyValueStore open(PurgeDefinition definition) {
		return new ResilientOpening(this.retry, this.stop::await).open(() -> this.storeOpening.apply(definition));
	}

	private static void refuseHeld(DefinitionHome kept) {
		Hold hold = kept.activeHold();
		if (hold != null) {
			throw new HeldException(kept.name(), hold);
		}
	}

	LedgerDatabase own(DefinitionHome kept, Duration patience) {
		return new LedgerAcquisition(this.stop, this.clock).own(kept, patience);
	}

	private RunReport run(RunRequest request, String digest, DefinitionHome kept, LedgerDatabase database,
			KeyValueStore store, RunExecution execution) {
		refuseHeld(kept); // it may have been set while this was waiting
		PurgeDefinition definition = request.definition().definition();
		RunIdentity wanted = new RunIdentity(definition.name(), digest, request.definition().parametersJson(),
				store.identity(), request.mode(), this.clock.instant().truncatedTo(ChronoUnit.MILLIS));
		Traffic traffic = traffic(store, definition);
		RunFence fence = runSelection(database, store, traffic).select(wanted, request.fresh(), definition);
		return execution.execute(database, store, traffic, request.definition(), fence);
	}

	/** The way to the store, at the paces that the definition allows. */
	static Traffic traffic(KeyValueStore store, PurgeDefinition definition) {
		return Traffic.local(store.capabilities(), definition.requests(), definition.limits().keysPerSecond());
	}

	RunSelection runSelection(LedgerDatabase database, KeyValueStore store, Traffic traffic) {
		DoubtfulCalls doubtful = new DoubtfulCalls(new LookingForGone(reading(store, traffic), true, this.stop),
				this.settings.settleDelay(store.capabilities()), this.stop);
		return new RunSelection(database.ledger(), store, doubtful, this.origin, this.clock);
	}

	/**
	 * Deletes those entries of a plan that still match; carries on where an earlier
	 * launch did so in part.
	 * @return what happened; what changed since is spared, what is gone has vanished
	 * @throws DefinitionException if there is no such plan, it must not be applied, or
	 * its store is another one by now
	 * @throws HeldException if the definition is held
	 * @throws io.kvpurge.ledger.DatabaseBusyException if another process is running it
	 * @throws io.kvpurge.store.StoreException if the store cannot be opened
	 */
	public RunReport apply(ApplyRequest request, RunListener listener) {
		DefinitionHome kept = this.home.definition(request.definition());
		if (!kept.hasLedger()) {
			throw problem("there is no plan of " + request.definition() + " in " + this.home.location());
		}
		refuseHeld(kept);
		try (LedgerDatabase database = own(kept, request.patience())) {
			refuseHeld(kept);
			PlanSelection selection = new PlanSelection(database.ledger(), this.origin, this.clock);
			PurgeRun plan = selection.find(request);
			BoundDefinition bound = bound(plan);
			PurgeDefinition definition = bound.definition();
			refuseOutsideWindow(RunMode.APPLY, definition);
			try (Workers workers = workers(definition); KeyValueStore store = open(definition)) {
				RunFence fence = selection.select(plan, definition.plans(), request.expected() != null, store,
						plan.definitionText());
				return execution(kept, listener, workers).execute(database, store, traffic(store, definition), bound,
						fence);
			}
		}
	}

	/**
	 * Puts back what a run deleted; carries on where an earlier launch with the same
	 * request did so in part. A run that could be carried on is ended by it. A hold keeps
	 * nobody from it.
	 * @return what happened; what is there again and left is spared, what has expired has
	 * vanished, what cannot be read back is refused
	 * @throws DefinitionException if there is no such run, it has no backup, or the store
	 * is another one by now and {@code into} does not say that it shall be
	 * @throws io.kvpurge.ledger.DatabaseBusyException if another process is running it
	 * @throws io.kvpurge.store.StoreException if the store cannot be opened
	 */
	public RunReport restore(RestoreRequest request, RunListener listener) {
		return restoration(begun(request.definition()), listener).restore(request);
	}

	/**
	 * Looks what {@link #restore} would do, and reads all of the backup; writes nothing.
	 */
	public RestorePreview preview(RestoreRequest request) {
		return restoration(begun(request.definition()), RunListener.NONE).preview(request);
	}

	Restoration restoration(DefinitionHome kept, RunListener listener) {
		return new Restoration(this, kept, execution(kept, listener, null), this.origin, this.clock);
	}

	private DefinitionHome begun(String name) {
		DefinitionHome kept = this.home.definition(name);
		if (!kept.hasLedger()) {
			throw problem("there is no run of " + name + " in " + this.home.location());
		}
		return kept;
	}

	/** The definition and parameters of a run, as the ledger keeps them. */
	static BoundDefinition bound(PurgeRun run) {
		return new DefinitionReader().read(run.definitionText(), "the definition of run " + run.id())
			.bindJson(run.identity().parameters());
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
		DefinitionHome kept = begun(name);
		return new Resumption(this, kept, this.origin).resume(number, listener);
	}

	/**
	 * Looks whether what a run deleted is gone; waits before until its last delete has
	 * taken effect. Nothing is written.
	 * @param number which run, null for the newest that is no plan
	 * @throws DefinitionException if there is no such run, it is a plan, its keys were
	 * pruned, or its store is another one by now
	 * @throws io.kvpurge.store.StoreException if the store cannot be read
	 */
	public GoneKeys verify(String name, @Nullable Integer number) {
		DefinitionHome kept = begun(name);
		try (LedgerDatabase database = kept.read()) {
			RunVerification verification = new RunVerification(database.ledger(), this.stop, this.clock);
			PurgeRun run = verification.find(name, number);
			PurgeDefinition definition = bound(run).definition();
			try (KeyValueStore store = open(definition)) {
				refuseAnotherStore(run, store);
				return verification.check(run, reading(store, traffic(store, definition)),
						this.settings.settleDelay(store.capabilities()));
			}
		}
	}

	static void refuseAnotherStore(PurgeRun run, KeyValueStore store) {
		if (!store.identity().equals(run.identity().store())) {
			throw problem("run " + run.id() + " belongs to the store " + run.identity().store()
					+ ", but its definition now leads to " + store.identity());
		}
	}

	@Nullable Workers workers(PurgeDefinition definition) {
		return Workers.of(definition, this.home, this.settings);
	}

	RunExecution execution(DefinitionHome kept, RunListener listener, @Nullable Workers workers) {
		return new RunExecution(kept, listener, this.settings, this.retry, workers, this.stop, this.clock);
	}

	/** The store for calls that belong to no range, and delete nothing. */
	KeyValueStore reading(KeyValueStore store, Traffic traffic) {
		return new ResilientKeyValueStore(store, this.retry, traffic, new CallMeter(), this.stop::await, () -> {
		});
	}

	static DefinitionException problem(String line) {
		return new DefinitionException(List.of(line));
	}

}
