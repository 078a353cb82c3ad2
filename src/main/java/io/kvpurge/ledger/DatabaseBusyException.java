package io.kvpurge.ledger;

/** Another process has the ledger's database open: it is running the definition. */
public class DatabaseBusyException extends RuntimeException {

	public DatabaseBusyException(String message) {
		super(message);
	}

}
