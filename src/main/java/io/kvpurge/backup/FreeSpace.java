package io.kvpurge.backup;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Looks whether a disk has room. A part of it stays free: the ledger may be on the same
 * one, and others too.
 */
record FreeSpace(Path folder) {

	/** A twentieth of the disk, but not more than this. */
	private static final long MOST_RESERVE = 256L << 20;

	/**
	 * Goes on only if there is room.
	 * @throws BackupException if there is not
	 */
	void require() {
		try {
			FileStore disk = Files.getFileStore(this.folder);
			long reserve = Math.min(MOST_RESERVE, disk.getTotalSpace() / 20);
			if (disk.getUsableSpace() <= reserve) {
				throw new BackupException("there is no room for the backup in " + this.folder + ": "
						+ (disk.getUsableSpace() >> 10) + " KiB are free, and " + (reserve >> 10)
						+ " KiB stay so; nothing was deleted without a backup: make room, then launch again");
			}
		}
		catch (IOException ex) {
			throw new BackupException(
					"cannot see how much room there is for the backup in " + this.folder + ": " + ex.getMessage(), ex);
		}
	}

}
