package io.kvpurge.ledger;

/** What became of one key of a settled call. */
public enum Outcome {

	/** Gone by this call. */
	DELETED('D'),
	/** Found gone when the call, whose answer was lost, was looked into. */
	INFERRED('I'),
	/** Gone before the call. */
	VANISHED('V'),
	/** Rewritten before the call, and still there. */
	SPARED('S'),
	/** Not deleted by the store, and still there. */
	REFUSED('R'),
	/** Not deleted by this call; it will be listed and judged again. */
	LEFT('L'),
	/** Found by a plan, which deletes nothing. */
	PLANNED('P');

	private final char code;

	Outcome(char code) {
		this.code = code;
	}

	/** The letter under which it is written down. */
	public char code() {
		return this.code;
	}

	/** Whether the key is no longer in the store, as far as this call knows. */
	public boolean isGone() {
		return this == DELETED || this == INFERRED || this == VANISHED;
	}

}
