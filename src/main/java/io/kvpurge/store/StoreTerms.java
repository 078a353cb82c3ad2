package io.kvpurge.store;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What a store asks of those who use it.
 *
 * @param requests how many requests it takes, null if it sets no limit
 * @param prices what it charges, null if it charges nothing
 * @param shortestLife how long at least an entry must live that is written and expires
 */
public record StoreTerms(@Nullable RequestRate requests, @Nullable PriceList prices, Duration shortestLife) {

	/** No limit and no prices. */
	public static final StoreTerms NONE = new StoreTerms(null, null, Duration.ZERO);

}
