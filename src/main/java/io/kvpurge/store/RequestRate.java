package io.kvpurge.store;

import java.time.Duration;

/**
 * How many requests may go to a store in a length of time.
 *
 * @param requests how many, at least 1
 * @param per in how long, longer than nothing
 */
public record RequestRate(long requests, Duration per) {

	public RequestRate {
		if (requests < 1 || per.isNegative() || per.isZero()) {
			throw new IllegalArgumentException("a rate is at least one request in some time");
		}
	}

}
