package io.kvpurge.ledger;

/** The ledger's database does not answer now; trying again later may help. */
public class LedgerUnavailableException extends LedgerException {

	public LedgerUnavailableException(String message, Throwable cause) {
		super(message, cause);
	}

}
