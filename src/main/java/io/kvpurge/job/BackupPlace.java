package io.kvpurge.job;

import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.backup.RunBackup;
import io.kvpurge.definition.BackupTarget;
import io.kvpurge.definition.DefinitionException;
import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;

/** Finds where the entries of a run are saved. */
final class BackupPlace {

	private BackupPlace() {
	}

	/**
	 * Refuses what could not be saved, before anything is made.
	 * @throws InvalidStoreException if the store has no values to save
	 * @throws DefinitionException if it is not said where
	 */
	static void require(PurgeDefinition definition, DefinitionHome kept, StoreCapabilities capabilities) {
		if (definition.backup() == null) {
			return;
		}
		if (!capabilities.can(StoreCapability.VALUES)) {
			throw new InvalidStoreException("store: 'backup' needs a store that gives its values, and this one does not"
					+ ": for a table, name a column with 'value'; or remove 'backup'");
		}
		folder(definition.backup(), kept);
	}

	/** The backup of a run, null if none is asked for. */
	static @Nullable RunBackup of(PurgeDefinition definition, DefinitionHome kept, int run) {
		return (definition.backup() != null) ? RunBackup.of(folder(definition.backup(), kept), run) : null;
	}

	private static Path folder(BackupTarget target, DefinitionHome kept) {
		if (target.directory() != null) {
			return Path.of(target.directory()).resolve(kept.name());
		}
		Path folder = kept.backupFolder();
		if (folder == null) {
			throw new DefinitionException(List.of("'backup: true' keeps entries beside the ledger, which is a database"
					+ " here: say where with backup: {directory: PATH}"));
		}
		return folder;
	}

}
