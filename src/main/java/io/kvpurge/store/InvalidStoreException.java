package io.kvpurge.store;

/**
 * The store cannot be what the definition means: a table that is missing, a key column
 * that is not unique. Nothing was touched; the definition or the store needs a change.
 */
public class InvalidStoreException extends StoreException {

	public InvalidStoreException(String message) {
		super(message);
	}

	public InvalidStoreException(String message, Throwable cause) {
		super(message, cause);
	}

}
