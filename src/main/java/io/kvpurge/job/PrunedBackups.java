package io.kvpurge.job;

import java.util.ArrayList;
import java.util.List;

import io.kvpurge.backup.BackupException;
import io.kvpurge.definition.DefinitionException;
import io.kvpurge.ledger.PrunedRun;

/** Removes the backups of pruned runs: without their calls nothing can be restored. */
public final class PrunedBackups {

	private PrunedBackups() {
	}

	/**
	 * Removes them.
	 * @return one line for each that is still there, at least in part
	 */
	public static List<String> remove(DefinitionHome home, List<PrunedRun> pruned) {
		List<String> problems = new ArrayList<>();
		for (PrunedRun one : pruned) {
			String place = one.run().backup();
			if (one.problem() != null || place == null) {
				continue;
			}
			try {
				BackupPlace.of(place, home, one.run().id().number()).remove(BackupPlace.label(one.run()));
			}
			catch (BackupException | DefinitionException ex) {
				problems.add(one.run().id() + " was pruned, but not its backup: " + ex.getMessage());
			}
		}
		return problems;
	}

}
