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

	/** The proof of ownership is lost, so that somebody else may own the run. */
	public FencedException(RunFence fence, String reason) {
		super("run " + fence.run() + " may have another owner by now: " + reason);
	}

}
