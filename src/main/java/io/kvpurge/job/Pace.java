package io.kvpurge.job;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How fast a running run is, and how long it still takes, as far as that can be told.
 *
 * @param perSecond keys in a second, null if that is not known yet
 * @param left until it is done, null if that cannot be told
 * @param untilFound until it has found everything that it then deletes, null if that
 * cannot be told or is behind it
 * @param unknown why the time left cannot be told, null if it can
 * @param paused why the run waits right now, null if it does not
 */
public record Pace(@Nullable Long perSecond, @Nullable Duration left, @Nullable Duration untilFound,
		@Nullable String unknown, @Nullable String paused) {

	/** Before anything can be told. */
	public static final Pace NOT_YET = new Pace(null, null, null, "it has only begun");

	/** Of a run that does not wait. */
	Pace(@Nullable Long perSecond, @Nullable Duration left, @Nullable Duration untilFound, @Nullable String unknown) {
		this(perSecond, left, untilFound, unknown, null);
	}

	/** The same of a run that waits right now, if it has a reason to. */
	Pace paused(@Nullable String reason) {
		return new Pace(this.perSecond, this.left, this.untilFound, this.unknown, reason);
	}

	/** What can be told of the time left, or that the run waits; null if nothing. */
	public @Nullable String estimate() {
		if (this.paused != null) {
			return "paused: " + this.paused;
		}
		if (this.left != null) {
			return "about " + text(this.left) + " left";
		}
		return (this.untilFound != null) ? "about " + text(this.untilFound) + " until all is found" : null;
	}

	/** What can be told of the time left, or why nothing can be. */
	public String text() {
		String estimate = estimate();
		return (estimate != null) ? estimate : "time left unknown: " + this.unknown;
	}

	/** No finer than a guess can be. */
	private static String text(Duration duration) {
		long seconds = duration.toSeconds();
		if (seconds < 90) {
			return Math.max(1, seconds) + " s";
		}
		long minutes = (seconds + 30) / 60;
		return (minutes < 120) ? minutes + " min" : "%d h %d min".formatted(minutes / 60, minutes % 60);
	}

}
