package io.kvpurge.broker;

import org.jspecify.annotations.Nullable;

/**
 * Says that a range is to be worked on. As text it is the two numbers.
 *
 * @param attempt which attempt of which run it is of, so that a worker can pass over
 * those that it cannot work for
 * @param job the number of the job execution
 * @param step the number of the step execution
 */
public record RangeMessage(String attempt, long job, long step) {

	String text() {
		return this.job + " " + this.step;
	}

	/** Null if the text is none. */
	static @Nullable RangeMessage parse(@Nullable String attempt, @Nullable String text) {
		if (attempt == null || text == null || !text.matches("[0-9]{1,18} [0-9]{1,18}")) {
			return null;
		}
		int space = text.indexOf(' ');
		return new RangeMessage(attempt, Long.parseLong(text.substring(0, space)),
				Long.parseLong(text.substring(space + 1)));
	}

}
