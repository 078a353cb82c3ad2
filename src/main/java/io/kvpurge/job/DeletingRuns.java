package io.kvpurge.job;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunId;

/** Finds the runs of which what they deleted is asked for. */
final class DeletingRuns {

	private DeletingRuns() {
	}

	/**
	 * The run.
	 * @param number which one, which may be of any mode; null for the newest that deletes
	 * @throws DefinitionException if there is none
	 */
	static PurgeRun find(DeletionLedger ledger, String name, @Nullable Integer number) {
		PurgeRun run = (number != null) ? ledger.find(new RunId(name, number))
				: ledger.runs(name).stream().filter((any) -> any.identity().mode().deletes()).findFirst().orElse(null);
		if (run == null) {
			throw new DefinitionException(
					List.of("there is no run " + name + ((number != null) ? "." + number : " that deleted anything")));
		}
		return run;
	}

}
