package io.kvpurge.job;

/** The definition is held: nothing was touched, and nothing runs until it is resumed. */
public class HeldException extends RuntimeException {

	public HeldException(String name, Hold hold) {
		super(name + " is held (" + hold.text() + "); 'resume' lifts it");
	}

}
