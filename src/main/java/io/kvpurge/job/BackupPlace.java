package io.kvpurge.job;

import java.nio.file.Path;
import java.util.List;

import io.kvpurge.backup.BackupLabel;
import io.kvpurge.backup.RunBackup;
import io.kvpurge.definition.BackupTarget;
import io.kvpurge.definition.DefinitionException;
import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.ledger.PurgeRun;

/** Finds where the entries of a run are saved. */
final class BackupPlace {

	private BackupPlace() {
	}

	/**
	 * Refuses what could not be saved, before anything is made.
	 * @throws DefinitionException if it is not said where
	 */
	static void require(PurgeDefinition definition, DefinitionHome kept) {
		if (definition.backup() == null) {
			return;
		}
		folder(text(definition.backup()), kept);
	}

	/** As the ledger keeps it. */
	static String text(BackupTarget target) {
		return (target.directory() != null) ? target.directory() : PurgeRun.BESIDE_LEDGER;
	}

	/**
	 * The backup of a run.
	 * @param place as the ledger keeps it
	 */
	static RunBackup of(String place, DefinitionHome kept, int run) {
		return RunBackup.of(folder(place, kept), run);
	}

	/** What says that a backup is that of a run. */
	static BackupLabel label(PurgeRun run) {
		return new BackupLabel(run.id().toString(), run.identity().store(), run.startedAt());
	}

	private static Path folder(String place, DefinitionHome kept) {
		if (!place.equals(PurgeRun.BESIDE_LEDGER)) {
			return Path.of(place).resolve(kept.name());
		}
		Path folder = kept.backupFolder();
		if (folder == null) {
			throw new DefinitionException(List.of("'backup: true' keeps entries beside the ledger, which is a database"
					+ " here: say where with backup: {directory: PATH}"));
		}
		return folder;
	}

}
