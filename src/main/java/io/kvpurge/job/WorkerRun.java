package io.kvpurge.job;

import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.kvpurge.backup.BackupException;
import io.kvpurge.backup.RunBackup;
import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.definition.DefinitionException;
import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.definition.Settings;
import io.kvpurge.filter.EntryFilter;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.HandOut;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RemoteRuns;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.resilient.RetrySettings;
import io.kvpurge.store.resilient.Traffic;

/**
 * An attempt of a run as a worker knows it: by what the ledger says, looked over once,
 * with the store opened. All ranges of the attempt that it works on share it.
 */
final class WorkerRun implements AutoCloseable {

	private final PurgeRun run;

	private final RunFence fence;

	private final HandOut handOut;

	private final BoundDefinition definition;

	private final EntryFilter filter;

	private final KeyValueStore store;

	private final Traffic traffic;

	private final PageBudget budget;

	private final @Nullable RunBackup backup;

	private final RetrySettings retry;

	private final CountedFolder counted;

	private WorkerRun(PurgeRun run, RunFence fence, HandOut handOut, BoundDefinition definition, EntryFilter filter,
			KeyValueStore store, Traffic traffic, PageBudget budget, @Nullable RunBackup backup, RetrySettings retry,
			CountedFolder counted) {
		this.run = run;
		this.fence = fence;
		this.handOut = handOut;
		this.definition = definition;
		this.filter = filter;
		this.store = store;
		this.traffic = traffic;
		this.budget = budget;
		this.backup = backup;
		this.retry = retry;
		this.counted = counted;
	}

	/**
	 * Looks whether this process may work on the run, and opens its store.
	 * @param handOut what the launching process said of it
	 * @param slots how many ranges are worked on here at once
	 * @throws UnfitException if something here is not as it is there
	 * @throws io.kvpurge.store.StoreException if the store cannot be reached now
	 */
	static WorkerRun open(Surroundings here, PurgeRun run, HandOut handOut, int slots) throws UnfitException {
		RunFence fence = new RunFence(run.id(), run.fence());
		if (!handOut.version().equals(here.version())) {
			throw new UnfitException("it was launched by kvpurge " + handOut.version() + ", and this is "
					+ here.version() + ": run the same version everywhere");
		}
		if (!Set.copyOf(handOut.protect()).equals(new HashSet<>(here.settings().protect()))) {
			throw new UnfitException("it protects " + texts(handOut.protect()) + ", and this worker "
					+ texts(here.settings().protect()) + ": give both the same 'protect' (KVPURGE_PROTECT)");
		}
		BoundDefinition definition = definition(run, handOut);
		KeyValueStore store = store(here, definition.definition());
		try {
			if (!store.identity().equals(run.identity().store())) {
				throw new UnfitException("it belongs to the store " + run.identity().store()
						+ ", but here its definition leads to " + store.identity());
			}
			RunBackup backup = backup(here, run, handOut);
			Traffic traffic = RunLimits.traffic(here.remote(), fence, store.capabilities(),
					definition.definition().requests());
			return new WorkerRun(run, fence, handOut, definition,
					definition.filter(run.identity().asOf(), handOut.protect()), store, traffic,
					new PageBudget(store.capabilities(), slots), backup, here.retry(),
					new CountedFolder(here.home().definition(run.id().definition()), run.id().number()));
		}
		catch (UnfitException | RuntimeException ex) {
			store.close();
			throw ex;
		}
	}

	private static BoundDefinition definition(PurgeRun run, HandOut handOut) throws UnfitException {
		try {
			BoundDefinition bound = new DefinitionReader()
				.read(handOut.definitionText(), "the definition of run " + run.id())
				.bindJson(run.identity().parameters());
			if (!bound.definition().digest().equals(run.identity().digest())) {
				throw new UnfitException("its definition has another digest here");
			}
			return bound;
		}
		catch (DefinitionException ex) {
			throw new UnfitException(ex.problems().get(0));
		}
	}

	private static KeyValueStore store(Surroundings here, PurgeDefinition definition) throws UnfitException {
		try {
			return here.storeOpening().apply(definition);
		}
		catch (DefinitionException ex) {
			throw new UnfitException(ex.problems().get(0));
		}
		catch (InvalidStoreException ex) {
			throw new UnfitException(String.valueOf(ex.getMessage()));
		}
	}

	private static @Nullable RunBackup backup(Surroundings here, PurgeRun run, HandOut handOut) throws UnfitException {
		String mark = handOut.backupMark();
		String place = run.backup();
		if (mark == null || place == null) {
			return null;
		}
		try {
			RunBackup backup = BackupPlace.of(place, here.home().definition(run.id().definition()), run.id().number());
			backup.require(BackupPlace.label(run));
			backup.requireMark(mark);
			return backup;
		}
		catch (BackupException ex) {
			throw new UnfitException(String.valueOf(ex.getMessage()));
		}
		catch (DefinitionException ex) {
			throw new UnfitException(ex.problems().get(0));
		}
	}

	private static String texts(List<Key> keys) {
		return keys.isEmpty() ? "nothing" : keys.stream().map((key) -> "'" + key + "'").sorted().toList().toString();
	}

	RunFence fence() {
		return this.fence;
	}

	PageBudget budget() {
		return this.budget;
	}

	/** What a step of one range needs. */
	RunSetup setup(DeletionLedger ledger, boolean findsFirst, RunOwnership ownership, StopSignal stop, Clock clock) {
		return new RunSetup(this.fence, this.run.identity(), this.definition, this.filter, this.store, ledger,
				this.handOut.maxAge(), this.handOut.settleDelay(), this.retry, this.traffic, findsFirst,
				findsFirst || RunExecution.rechecks(this.run), ownership, stop, clock, this.backup, null, null,
				this.counted, null);
	}

	/** Others may go on with a range. */
	void forget(int range) {
		this.counted.forget(range);
	}

	@Override
	public void close() {
		this.counted.close();
		this.store.close();
	}

	/**
	 * What a worker has of its own.
	 *
	 * @param remote the database that all share
	 * @param home the same, by definition
	 * @param settings of this process
	 * @param version of kvpurge
	 * @param storeOpening opens a definition's store
	 * @param retry how store calls are repeated
	 */
	record Surroundings(RemoteRuns remote, Home home, Settings settings, String version,
			Function<PurgeDefinition, KeyValueStore> storeOpening, RetrySettings retry) {

	}

}
