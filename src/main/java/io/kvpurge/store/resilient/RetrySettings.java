package io.kvpurge.store.resilient;

import java.time.Duration;

/**
 * How calls are repeated: after pauses that double, with jitter, or after the pause that
 * the store asks for.
 *
 * @param attempts how often a call is made at most, the first time included, not counting
 * those after which the store asked to be left alone
 * @param firstPause the pause after the first failure
 * @param longestPause what pauses grow to; a store may ask for a longer one
 * @param deletesFor how long after its first attempt a delete may be repeated
 */
public record RetrySettings(int attempts, Duration firstPause, Duration longestPause, Duration deletesFor) {

	/**
	 * About five minutes of trying, which outlasts the rate limits of today's services.
	 */
	public static final RetrySettings DEFAULT = new RetrySettings(12, Duration.ofMillis(250), Duration.ofSeconds(60),
			Duration.ofMinutes(10));

	public RetrySettings {
		if (attempts < 1) {
			throw new IllegalArgumentException("a call is made at least once");
		}
	}

}
