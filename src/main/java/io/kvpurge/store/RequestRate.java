package io.kvpurge.store;

import java.time.Duration;

/**
 * How many requests a store may be sent in a length of time.
 *
 * @param requests how many, at least 1
 * @param per in how long, longer than nothing and at most a year
 */
public record RequestRate(long requests, Duration per) {

	private static final Duration LONGEST = Duration.ofDays(366);

	public RequestRate {
		if (requests < 1) {
			throw new IllegalArgumentException("a rate is at least one request");
		}
		if (per.isZero() || per.isNegative() || per.compareTo(LONGEST) > 0) {
			throw new IllegalArgumentException("a rate is for longer than nothing and for a year at most");
		}
	}

}
