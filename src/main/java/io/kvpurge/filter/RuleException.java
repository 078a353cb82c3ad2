package io.kvpurge.filter;

/** A rule cannot be used. The message says what is wrong, for people. */
public class RuleException extends RuntimeException {

	private final int line;

	public RuleException(String message, int line) {
		super(message);
		this.line = line;
	}

	/** The line within the rule, counted from 0. */
	public int line() {
		return this.line;
	}

}
