package io.kvpurge.definition;

import org.jspecify.annotations.Nullable;

/**
 * Where entries are saved before they are deleted.
 *
 * @param directory an absolute path, null for where the ledger is
 */
public record BackupTarget(@Nullable String directory) {

	/** Where the ledger is. */
	static final BackupTarget HOME = new BackupTarget(null);

}
