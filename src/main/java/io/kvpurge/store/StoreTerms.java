package io.kvpurge.store;

import org.jspecify.annotations.Nullable;

/**
 * What a store asks of those who use it.
 *
 * @param requests how many requests it takes, null if it sets no limit
 * @param prices what it charges, null if it charges nothing
 */
public record StoreTerms(@Nullable RequestRate requests, @Nullable PriceList prices) {

	/** No limit and no prices. */
	public static final StoreTerms NONE = new StoreTerms(null, null);

}
