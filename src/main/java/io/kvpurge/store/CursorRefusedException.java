package io.kvpurge.store;

/**
 * The store does not know a cursor any more that it gave out. The listing of the range
 * can only begin again from its start.
 */
public class CursorRefusedException extends StoreException {

	public CursorRefusedException(String message) {
		super(message);
	}

}
