package io.kvpurge.testkit.cloudflare;

/**
 * Is told of requests that were let in, in the thread that serves them: while it does not
 * return, the request does not go on.
 */
public interface RequestListener {

	/** Before anything is done about it. */
	default void arrived(long number, Call call) {
	}

	/** After it was done, before the answer is sent. */
	default void answered(long number, Call call, int status) {
	}

}
