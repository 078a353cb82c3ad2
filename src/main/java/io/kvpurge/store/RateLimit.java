package io.kvpurge.store;

import java.time.Duration;

/**
 * How many requests a service will still take, as it said with an answer.
 *
 * @param remaining requests left until the reset
 * @param reset how long after the answer there are more again
 */
public record RateLimit(long remaining, Duration reset) {

	public RateLimit {
		if (remaining < 0 || reset.isNegative()) {
			throw new IllegalArgumentException("a rate limit is not negative");
		}
	}

}
