package io.kvpurge.ledger;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What it would take to delete what a plan names, by each way to do it.
 *
 * @param ways the effort by the way's name
 */
public record Forecast(Map<String, Effort> ways) {

	public Forecast {
		ways = Collections.unmodifiableMap(new LinkedHashMap<>(ways));
	}

	/**
	 * The effort of one way.
	 *
	 * @param calls how many requests
	 * @param seconds how long these take at the rate limit, null where none is known
	 * @param dollars what they cost beyond what is included in a month in which nothing
	 * else is done, null where the store has no price list
	 * @param freeDays how many days they take on a free plan, null where there is none
	 */
	public record Effort(long calls, @Nullable Long seconds, @Nullable Double dollars, @Nullable Long freeDays) {
	}

}
