package io.kvpurge.backup;

/** This entry cannot be kept as it is; others can. The message says why. */
public class UnsavableEntryException extends Exception {

	public UnsavableEntryException(String message) {
		super(message);
	}

}
