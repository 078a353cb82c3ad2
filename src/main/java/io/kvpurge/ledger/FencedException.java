package io.kvpurge.ledger;

/**
 * The run has ended, or somebody else has taken it over: nothing was written, and nothing
 * may be sent.
 */
public class FencedException extends RuntimeException {

	public FencedException(RunFence fence) {
		super("run " + fence.run() + " has ended or has another owner by now (this one's fence was " + fence.fence()
				+ ")");
	}

}
