package io.kvpurge.filter;

/** An entry has not what a rule asks for. The message is of few distinct texts. */
final class UndecidableException extends RuntimeException {

	UndecidableException(String message) {
		super(message, null, false, false);
	}

}
