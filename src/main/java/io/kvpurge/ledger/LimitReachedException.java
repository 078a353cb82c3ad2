package io.kvpurge.ledger;

/**
 * As many keys are deleted, or may be by calls under way, as a run may delete: nothing
 * was announced, and nothing may be sent.
 */
public class LimitReachedException extends RuntimeException {

	private final long limit;

	public LimitReachedException(RunId run, long limit) {
		super("run " + run + " may delete %,d keys and no more".formatted(limit));
		this.limit = limit;
	}

	/** How many keys the run may delete. */
	public long limit() {
		return this.limit;
	}

}
