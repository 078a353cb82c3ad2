package io.kvpurge.ledger;

/**
 * A range that is this process's until it is closed, or the lock is lost.
 */
public final class ClaimedRange implements AutoCloseable {

	private final DeletionLedger ledger;

	private final Runnable release;

	ClaimedRange(DeletionLedger ledger, Runnable release) {
		this.ledger = ledger;
		this.release = release;
	}

	/**
	 * Reads all; writes to the range only, and only as long as it is this process's.
	 */
	public DeletionLedger ledger() {
		return this.ledger;
	}

	/** Others can have it when this returns. */
	@Override
	public void close() {
		this.release.run();
	}

}
