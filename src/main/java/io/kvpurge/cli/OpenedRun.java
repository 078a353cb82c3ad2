package io.kvpurge.cli;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.job.DefinitionHome;
import io.kvpurge.job.Home;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.LedgerDatabase;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.report.RunReport;

/**
 * A run of the past, with its ledger open for reading.
 *
 * @param database the database, closed with this
 * @param run the run
 */
record OpenedRun(LedgerDatabase database, PurgeRun run) implements AutoCloseable {

	/**
	 * Finds the run.
	 * @throws DefinitionException if there is none
	 * @throws io.kvpurge.ledger.DatabaseBusyException if its definition is running
	 */
	static OpenedRun open(CommandServices services, CommonOptions options, RunReference reference) {
		return open(services.home(options), reference);
	}

	/** Finds the run, as the other method, in a home. */
	static OpenedRun open(Home home, RunReference reference) {
		return open(home, reference, null);
	}

	/**
	 * Finds the run, as the other methods.
	 * @param mode that of the last run, where the reference names none; null for any
	 */
	static OpenedRun open(Home home, RunReference reference, @Nullable RunMode mode) {
		DefinitionHome kept = home.definition(reference.definition());
		if (!kept.hasLedger()) {
			throw problem("there is no run of " + reference.definition() + " in " + home.location());
		}
		LedgerDatabase database = kept.read();
		try {
			DeletionLedger ledger = database.ledger();
			PurgeRun run = (reference.number() != null)
					? ledger.find(new RunId(reference.definition(), reference.number()))
					: ledger.latest(reference.definition(), mode);
			if (run == null) {
				throw problem("there is no run " + reference.definition()
						+ ((reference.number() != null) ? "." + reference.number() : "") + " in " + home.location());
			}
			return new OpenedRun(database, run);
		}
		catch (RuntimeException ex) {
			database.close();
			throw ex;
		}
	}

	private static DefinitionException problem(String line) {
		return new DefinitionException(List.of(line));
	}

	/** What the ledger says of the run now. */
	RunReport report(Instant now) {
		return RunReport.of(this.run, ledger(), now, List.of());
	}

	DeletionLedger ledger() {
		return this.database.ledger();
	}

	@Override
	public void close() {
		this.database.close();
	}

}
