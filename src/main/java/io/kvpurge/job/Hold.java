package io.kvpurge.job;

import org.jspecify.annotations.Nullable;

/**
 * What stops a run and keeps launches from running, until it is lifted. Any process can
 * set and lift it.
 */
public interface Hold {

	boolean isSet();

	/**
	 * Sets the hold; one that is set already stays as it is.
	 * @param text who and when, one line for people
	 * @throws java.io.UncheckedIOException if its file cannot be written
	 */
	void set(String text);

	/**
	 * Lifts the hold.
	 * @return whether there was one
	 * @throws java.io.UncheckedIOException if its file cannot be deleted
	 */
	boolean lift();

	/** Who set it and when, or by what it is set; empty if it is not set. */
	String text();

	/** The first of these that is set, null if none is. */
	static @Nullable Hold firstSet(Hold... holds) {
		for (Hold hold : holds) {
			if (hold.isSet()) {
				return hold;
			}
		}
		return null;
	}

}
