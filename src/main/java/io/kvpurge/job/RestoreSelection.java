package io.kvpurge.job;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.backup.BackupException;
import io.kvpurge.backup.RunBackup;
import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.definition.DefinitionException;
import io.kvpurge.filter.EntryFilter;
import io.kvpurge.filter.Rule;
import io.kvpurge.filter.RuleException;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RestoreTerms;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.ledger.RunIdentity;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.ledger.Verification;
import io.kvpurge.store.KeyValueStore;

/**
 * Finds the run whose deletes are to be put back, and the run that does so. What is wrong
 * with either is a {@link DefinitionException}, and nothing was touched.
 */
final class RestoreSelection {

	private final DeletionLedger ledger;

	private final DefinitionHome home;

	private final RunOrigin origin;

	private final Clock clock;

	RestoreSelection(DeletionLedger ledger, DefinitionHome home, RunOrigin origin, Clock clock) {
		this.ledger = ledger;
		this.home = home;
		this.origin = origin;
		this.clock = clock;
	}

	/**
	 * The run that deleted.
	 * @param number which one, null for the newest that deleted anything
	 */
	PurgeRun find(@Nullable Integer number) {
		PurgeRun run = DeletingRuns.find(this.ledger, this.home.name(), number);
		if (!run.identity().mode().deletes()) {
			throw problem("run " + run.id() + " deleted nothing: it is no purge");
		}
		if (run.backup() == null) {
			throw problem("run " + run.id() + " made no backup ('backup: true' in its definition makes one): there is"
					+ " nothing to restore from");
		}
		if (run.prunedAt() != null) {
			throw problem("the calls of run " + run.id() + " were pruned on " + run.prunedAt()
					+ ": what it deleted is not known any more");
		}
		Verification found = this.ledger.verify(run.id());
		if (!found.isIntact()) {
			throw problem("run " + run.id() + " is not as it was written: " + found.problem());
		}
		return run;
	}

	/**
	 * What is put back of it.
	 * @param bound the definition of the run
	 */
	RestoreSource source(PurgeRun run, RestoreTerms terms, BoundDefinition bound) {
		String place = run.backup();
		if (place == null) {
			throw new IllegalStateException("run " + run.id() + " has no backup");
		}
		RunBackup backup = BackupPlace.of(place, this.home, run.id().number());
		try {
			backup.require(BackupPlace.label(run));
		}
		catch (BackupException ex) {
			throw problem(String.valueOf(ex.getMessage()));
		}
		Rule where = where(terms.where(), bound);
		EntryFilter filter = new EntryFilter(where, null, List.of(), bound.parameters(), this.clock.instant());
		return new RestoreSource(run.id(), backup, filter, !where.isAll(), terms.overwrite());
	}

	private static Rule where(@Nullable String text, BoundDefinition bound) {
		try {
			return Rule.compile((text != null) ? text : Rule.ALL, bound.definition().parameterTypes());
		}
		catch (RuleException ex) {
			throw problem("--where: " + ex.getMessage());
		}
	}

	/**
	 * Takes over the unfinished run that restores the same in the same way, or opens one.
	 * @param text the definition of the store that is written to
	 */
	RunFence select(PurgeRun run, RestoreTerms terms, KeyValueStore store, String text) {
		RunIdentity deleted = run.identity();
		RunIdentity wanted = new RunIdentity(deleted.definition(), deleted.digest(), deleted.parameters(),
				store.identity(), RunMode.RESTORE, this.clock.instant().truncatedTo(ChronoUnit.MILLIS), null, terms);
		return this.ledger.runs(this.home.name())
			.stream()
			.filter((any) -> any.state().isResumable() && any.identity().continuesAs(wanted))
			.findFirst()
			.map((unfinished) -> this.ledger.takeOver(unfinished.id(), this.origin))
			.orElseGet(
					() -> this.ledger.begin(wanted, text, store.capabilities().guarantee(), true, this.origin, null));
	}

	private static DefinitionException problem(String line) {
		return new DefinitionException(List.of(line));
	}

}
