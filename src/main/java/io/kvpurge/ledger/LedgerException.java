package io.kvpurge.ledger;

/** The ledger's database cannot be opened or used. The message is one line for people. */
public class LedgerException extends RuntimeException {

	public LedgerException(String message) {
		super(message);
	}

	public LedgerException(String message, Throwable cause) {
		super(message, cause);
	}

	/** What a failure says, cut to one line. */
	static String firstLine(Throwable failure) {
		return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
	}

}
