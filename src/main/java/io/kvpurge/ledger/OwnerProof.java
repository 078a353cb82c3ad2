package io.kvpurge.ledger;

/**
 * Says by what a process of several may write: proves it, and looks before each write.
 */
interface OwnerProof {

	/**
	 * Writes down that the owner is alive.
	 * @return false if somebody else is the owner
	 * @throws FencedException if the session by which it owns is lost
	 */
	boolean prove(RunFence fence);

	/**
	 * Within a transaction that writes to a range, and whose run is this one's.
	 * @throws FencedException if the range belongs to somebody else
	 */
	default void require(RunFence fence, int range) {
	}

}
