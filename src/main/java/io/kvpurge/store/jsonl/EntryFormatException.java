package io.kvpurge.store.jsonl;

/** A line is no entry. The message says which line, and what is wrong with it. */
public class EntryFormatException extends RuntimeException {

	public EntryFormatException(String message) {
		super(message);
	}

}
