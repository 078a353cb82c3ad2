package io.kvpurge.cli;

/**
 * What {@code doctor} found out about one thing.
 *
 * @param subject the thing, one word
 * @param level how bad it is
 * @param text what it is like, and what to do about it
 */
record Finding(String subject, Level level, String text) {

	Finding {
		if (text.contains("\n")) {
			throw new IllegalArgumentException("a finding is one line");
		}
	}

	static Finding good(String subject, String text) {
		return new Finding(subject, Level.OK, text);
	}

	static Finding note(String subject, String text) {
		return new Finding(subject, Level.NOTE, text);
	}

	static Finding bad(String subject, String text) {
		return new Finding(subject, Level.BAD, text);
	}

	@Override
	public String toString() {
		return "%-5s %-13s %s".formatted(this.level, this.subject, this.text);
	}

	/** From nothing to do, to a run that would fail. */
	enum Level {

		/** Nothing is to be done. */
		OK,
		/** A run would go, but a person should know. */
		NOTE,
		/** It may mend itself: looking again later may help. */
		LATER,
		/** A person must mend it. */
		BAD

	}

}
