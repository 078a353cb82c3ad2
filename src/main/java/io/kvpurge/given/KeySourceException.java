package io.kvpurge.given;

/** Keys that cannot be read as they are named; the message is one line for people. */
public final class KeySourceException extends RuntimeException {

	KeySourceException(String message) {
		super(message);
	}

}
