package io.kvpurge.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.kvpurge.ledger.RunAttempt;

/**
 * The time in which somebody worked on a run, as an axis from 0 to 1: what lies between
 * its attempts is cut out, be it a second or a week.
 */
final class ActiveTime {

	private final List<Stretch> stretches = new ArrayList<>();

	private final long millis;

	/**
	 * @param attempts by number
	 */
	ActiveTime(List<RunAttempt> attempts) {
		long offset = 0;
		Instant before = Instant.MIN;
		for (RunAttempt attempt : attempts) {
			// Clocks are set, and hosts differ: no attempt begins before the last one
			// ended.
			Instant from = attempt.startedAt().isBefore(before) ? before : attempt.startedAt();
			Instant to = attempt.until().isBefore(from) ? from : attempt.until();
			Duration gap = this.stretches.isEmpty() ? Duration.ZERO : Duration.between(before, from);
			this.stretches.add(new Stretch(attempt.number(), from, to, offset, gap));
			offset += Duration.between(from, to).toMillis();
			before = to;
		}
		this.millis = Math.max(1, offset);
	}

	/** The length of the axis. */
	Duration length() {
		return Duration.ofMillis(this.millis);
	}

	/** The attempts on it. */
	List<Stretch> stretches() {
		return List.copyOf(this.stretches);
	}

	/** Where an instant is; one that is not on the axis, where it would be. */
	double at(Instant instant) {
		long offset = 0;
		for (Stretch stretch : this.stretches) {
			if (instant.isBefore(stretch.from())) {
				break;
			}
			Instant within = instant.isAfter(stretch.to()) ? stretch.to() : instant;
			offset = stretch.offset() + Duration.between(stretch.from(), within).toMillis();
		}
		return (double) offset / this.millis;
	}

	/** The end of the attempt that an instant is in, or follows. */
	Instant endOfAttempt(Instant instant) {
		Instant end = instant;
		for (Stretch stretch : this.stretches) {
			if (!instant.isBefore(stretch.from())) {
				end = stretch.to();
			}
		}
		return end.isBefore(instant) ? instant : end;
	}

	/**
	 * An attempt.
	 *
	 * @param attempt its number
	 * @param from when it began
	 * @param to when it ended
	 * @param offset where it begins on the axis, in milliseconds
	 * @param gap how long nobody worked on the run before it
	 */
	record Stretch(int attempt, Instant from, Instant to, long offset, Duration gap) {
	}

}
