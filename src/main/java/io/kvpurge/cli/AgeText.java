package io.kvpurge.cli;

import java.time.Duration;
import java.time.Instant;

/** How long ago something was, no finer than one says it. */
final class AgeText {

	private AgeText() {
	}

	static String of(Instant then, Instant now) {
		Duration age = Duration.between(then, now);
		if (age.toHours() >= 48) {
			return age.toDays() + " days";
		}
		if (age.toMinutes() >= 120) {
			return age.toHours() + " h";
		}
		return (age.toSeconds() >= 120) ? age.toMinutes() + " min" : Math.max(0, age.toSeconds()) + " s";
	}

}
