package io.kvpurge.ledger;

/** Somebody else has taken the run over: nothing was written, and nothing may be sent. */
public class FencedException extends RuntimeException {

	public FencedException(RunFence fence) {
		super("run " + fence.run() + " has another owner by now (this one's fence was " + fence.fence() + ")");
	}

}
