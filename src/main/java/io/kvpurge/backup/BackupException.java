package io.kvpurge.backup;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.StoreException;

/**
 * Entries could not be kept, or not be read back: nothing of them may be deleted. The
 * message is one line for people.
 */
public class BackupException extends StoreException {

	public BackupException(String message) {
		super(message);
	}

	public BackupException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
