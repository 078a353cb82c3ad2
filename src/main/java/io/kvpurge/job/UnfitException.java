package io.kvpurge.job;

/** This process cannot work on a run as the one that launched it can. */
final class UnfitException extends Exception {

	UnfitException(String why) {
		super(why);
	}

	String why() {
		return String.valueOf(getMessage());
	}

}
