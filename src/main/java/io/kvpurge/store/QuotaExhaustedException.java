package io.kvpurge.store;

/**
 * The store did nothing, and will do nothing for hours: what an account may do in a day
 * is used up. The message says when it is worth trying again.
 */
public class QuotaExhaustedException extends StoreException {

	public QuotaExhaustedException(String message) {
		super(message);
	}

}
