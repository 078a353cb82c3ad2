package io.kvpurge.store.resilient;

import java.time.Duration;

/**
 * What processes that send requests to one store have agreed on. Safe for use by several
 * threads; each call may ask another machine.
 */
public interface SharedLimits {

	/**
	 * Takes requests from what all may send.
	 * @return how many nanoseconds to wait until they may go out; zero at once
	 */
	long reserve(int requests);

	/** The store asked to be left alone for so long. */
	void pause(Duration duration);

	/** For how long the store wants to be left alone yet, whoever was told. */
	Duration paused();

	/**
	 * Takes one of the places for bulk calls, of which all processes together have so
	 * many.
	 * @return false if all are taken
	 */
	boolean enter(int places);

	/** Gives a place back that this process took. */
	void leave();

	/** How many processes there are, at least 1. */
	int processes();

}
