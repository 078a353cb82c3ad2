package io.kvpurge.ledger;

import org.jspecify.annotations.Nullable;

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
	PLANNED('P'),
	/** Put back by this call. */
	RESTORED('W', DELETED),
	/** Found put back when the call, whose answer was lost, was looked into. */
	FOUND('F', INFERRED),
	/** There again before the call, and left as it is. */
	EXISTING('E', SPARED),
	/** Expired since it was saved, and not put back. */
	EXPIRED('X', VANISHED);

	private final char code;

	private final @Nullable Outcome likeness;

	Outcome(char code) {
		this(code, null);
	}

	Outcome(char code, @Nullable Outcome likeness) {
		this.code = code;
		this.likeness = likeness;
	}

	/** The letter under which it is written down. */
	public char code() {
		return this.code;
	}

	/** The outcome of a delete with which it is counted: itself, or its counterpart. */
	public Outcome counted() {
		return (this.likeness != null) ? this.likeness : this;
	}

	/** Whether the key is dealt with for good, so that it is not to be seen again. */
	public boolean isDone() {
		return counted().isGone();
	}

	/** Whether the key is gone by this call. */
	public boolean isDeleted() {
		return this == DELETED || this == INFERRED;
	}

	/** Whether the key is no longer in the store, as far as this call knows. */
	public boolean isGone() {
		return this == DELETED || this == INFERRED || this == VANISHED;
	}

}
