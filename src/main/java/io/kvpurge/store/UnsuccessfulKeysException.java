package io.kvpurge.store;

/** The store answered that it did not delete some keys, without saying why. */
public class UnsuccessfulKeysException extends TransientStoreException {

	public UnsuccessfulKeysException(String message) {
		super(message, null, null);
	}

}
