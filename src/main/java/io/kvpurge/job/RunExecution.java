package io.kvpurge.job;

import java.time.Clock;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import io.kvpurge.backup.BackupContent;
import io.kvpurge.backup.BackupException;
import io.kvpurge.backup.RunBackup;
import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.definition.Settings;
import io.kvpurge.definition.Window;
import io.kvpurge.filter.EntryFilter;
import io.kvpurge.given.GivenKeys;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.HandOut;
import io.kvpurge.ledger.LedgerDatabase;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RemoteRuns;
import io.kvpurge.ledger.RunAttempt;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.RunReport;
import io.kvpurge.report.SavedEntries;
import io.kvpurge.store.Guarantee;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.resilient.RetrySettings;
import io.kvpurge.store.resilient.Traffic;

/** One attempt of a run, from the moment at which it is this process's to its end. */
final class RunExecution {

	private final DefinitionHome home;

	private final RunListener listener;

	private final Settings settings;

	private final RetrySettings retry;

	private final StopSignal stop;

	private final Clock clock;

	private final @Nullable Workers workers;

	/**
	 * @param workers who works on the ranges, null for this process
	 */
	RunExecution(DefinitionHome home, RunListener listener, Settings settings, RetrySettings retry,
			@Nullable Workers workers, StopSignal stop, Clock clock) {
		this.workers = workers;
		this.home = home;
		this.listener = listener;
		this.settings = settings;
		this.retry = retry;
		this.stop = stop;
		this.clock = clock;
	}

	/**
	 * Runs it to its end, or as far as it comes, and writes down how it ended.
	 * @param fence the right to write to the run
	 */
	RunReport execute(LedgerDatabase database, KeyValueStore store, Traffic traffic, BoundDefinition definition,
			RunFence fence) {
		return execute(database, store, traffic, definition, fence, null);
	}

	/**
	 * As the other method.
	 * @param definition that of the run that is restored
	 * @param restore what is put back, null if nothing is
	 */
	RunReport execute(LedgerDatabase database, KeyValueStore store, Traffic traffic, BoundDefinition definition,
			RunFence fence, @Nullable RestoreSource restore) {
		PurgeRun run = found(database.ledger(), fence.run());
		LogLabels labels = LogLabels.run(run);
		try {
			return execute(database, store, traffic, definition, fence, restore, run);
		}
		finally {
			labels.remove();
		}
	}

	private RunReport execute(LedgerDatabase database, KeyValueStore store, Traffic traffic, BoundDefinition definition,
			RunFence fence, @Nullable RestoreSource restore, PurgeRun run) {
		DeletionLedger ledger = database.ledger();
		List<String> errors;
		RemoteRanges remote = (this.workers != null) ? new RemoteRanges(this.workers, fence, this.listener, this.stop)
				: null;
		Traffic shared = (this.workers != null) ? RunLimits.traffic(this.workers.remote(), fence, store.capabilities(),
				definition.definition().requests()) : traffic;
		RunBackup backup = run.identity().mode().deletes() ? backup(ledger, run, definition.definition(), fence) : null;
		try (CountedFolder counted = new CountedFolder(this.home, run.id().number());
				GivenKeys given = given(run, definition, restore != null);
				RunOwnership ownership = new RunOwnership(ledger::prove, fence, this.stop, this.clock);
				RunMonitor monitor = new RunMonitor(this.home, ledger, run,
						window(run.identity().mode(), definition.definition()), hint(store, definition.definition()),
						shared, this.listener, this.stop, this.clock)) {
			ownership.start();
			monitor.start();
			boolean findsFirst = findsFirst(ledger, run, definition.definition());
			EntryFilter filter = (restore != null) ? restore.filter()
					: definition.filter(run.identity().asOf(), this.settings.protect());
			RunSetup setup = new RunSetup(fence, run.identity(), definition, filter, store, ledger,
					this.settings.maxAge(), this.settings.settleDelay(store.capabilities()), this.retry, shared,
					findsFirst, findsFirst || rechecks(run), ownership, this.stop, this.clock, backup, restore, given,
					counted, remote);
			errors = launch(database, setup, run);
			PurgeRun ended = found(ledger, fence.run());
			ownership.throwIfLost(ended);
			if (ended.state() != RunState.RUNNING) {
				counted.remove();
			}
		}
		end(ledger, fence, errors);
		if (this.workers != null) {
			this.workers.remote().forgetBucket(fence);
		}
		RunReport report = RunReport.of(found(ledger, fence.run()), ledger, this.clock.instant(), errors, saved(backup),
				shared.strained());
		this.listener.onEnd(report, ledger, shared.pauses());
		return report;
	}

	/**
	 * The keys that are named one by one, null if there are none, or what goes is known.
	 */
	private @Nullable GivenKeys given(PurgeRun run, BoundDefinition bound, boolean restores) {
		PurgeDefinition definition = bound.definition();
		return (definition.keys() != null && !restores && run.identity().mode() != RunMode.APPLY) ? new GivenKeys(
				definition.keys(), (named) -> definition.digestWithKeys(named).equals(run.identity().digest()),
				bound.prefixes(), this.home::workFolder) : null;
	}

	/** Keys that are named are divided whatever the store can do. */
	private static RangeHint hint(KeyValueStore store, PurgeDefinition definition) {
		return (definition.keys() != null) ? new RangeHint(definition.partitions(), true)
				: RangeHint.of(store.capabilities(), definition.partitions());
	}

	/** Where a run saved first, it saves in all its attempts. */
	private @Nullable RunBackup backup(DeletionLedger ledger, PurgeRun run, PurgeDefinition definition,
			RunFence fence) {
		String place = (definition.backup() != null) ? ledger.backup(fence, BackupPlace.text(definition.backup()))
				: run.backup();
		return (place != null) ? BackupPlace.of(place, this.home, run.id().number()) : null;
	}

	/** What cannot be saved is not begun: the run can be carried on with later. */
	private List<String> launch(LedgerDatabase database, RunSetup setup, PurgeRun run) {
		try {
			if (setup.backup() != null) {
				setup.backup().prepare(BackupPlace.label(run));
			}
			if (this.workers != null) {
				handOut(this.workers.remote(), setup, run);
			}
		}
		catch (BackupException ex) {
			return List.of(String.valueOf(ex.getMessage()));
		}
		return new JobLauncher(database.dataSource(), this.clock).launch(setup, setup.identity());
	}

	private void handOut(RemoteRuns remote, RunSetup setup, PurgeRun run) {
		String mark = (setup.backup() != null) ? UUID.randomUUID().toString() : null;
		if (setup.backup() != null && mark != null) {
			setup.backup().mark(mark);
		}
		remote.handOut(setup.fence(), new HandOut(run.origin().version(), setup.definition().definition().text(),
				this.settings.protect(), setup.maxAge(), setup.settleDelay(), mark));
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

	/** What the definition wants, until the run has ranges: from then on it stays. */
	private static boolean findsFirst(DeletionLedger ledger, PurgeRun run, PurgeDefinition definition) {
		return ledger.ranges(run.id()).isEmpty()
				? run.identity().mode() == RunMode.PURGE && definition.limits().judgeFirst() : run.stage() != null;
	}

	/** What a plan names is read again, whatever the store can do. */
	static boolean rechecks(PurgeRun run) {
		return run.guarantee() == Guarantee.RECHECK_THEN_DELETE || run.identity().mode() == RunMode.APPLY;
	}

	/** What deletes nothing may be done at any time. */
	static @Nullable Window window(RunMode mode, PurgeDefinition definition) {
		return mode.deletes() ? definition.limits().window() : null;
	}

	private void end(DeletionLedger ledger, RunFence fence, List<String> errors) {
		if (found(ledger, fence.run()).state() != RunState.RUNNING) {
			return; // sealed
		}
		String stopReason = this.stop.reason();
		RunState stopState = this.stop.state();
		if (!errors.isEmpty()) {
			int fruitless = RunAttempt.fruitless(ledger.attempts(fence.run()), ledger.totals(fence.run()));
			ledger.end(fence, RunState.FAILED,
					errors.get(0) + ((errors.size() > 1) ? " (and " + (errors.size() - 1) + " more)" : "")
							+ ((fruitless > 1) ? " (the " + fruitless + " latest attempts came no further)" : ""));
		}
		else {
			boolean idle = stopState == RunState.PAUSED
					&& !RunAttempt.hasProgressed(ledger.attempts(fence.run()), ledger.totals(fence.run()));
			ledger.end(fence, (stopState != null && !idle) ? stopState : RunState.STOPPED,
					(stopReason != null) ? stopReason : "stopped");
		}
	}

	private static PurgeRun found(DeletionLedger ledger, RunId id) {
		PurgeRun run = ledger.find(id);
		if (run == null) {
			throw new IllegalStateException("run " + id + " is gone from the ledger");
		}
		return run;
	}

}
