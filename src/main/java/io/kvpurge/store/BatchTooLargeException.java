package io.kvpurge.store;

/** The store did nothing, since a call named or carried too much: fewer keys may do. */
public class BatchTooLargeException extends StoreException {

	public BatchTooLargeException(String message) {
		super(message);
	}

}
