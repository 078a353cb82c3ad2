package io.kvpurge.store;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a store keeps beside a value: any JSON value, or nothing. A value is made of
 * {@link Map} (string keys, in the store's order), {@link List}, {@link String},
 * {@link Long}, {@link Double}, {@link java.math.BigInteger} (beyond a long),
 * {@link java.math.BigDecimal} (beyond a double, in entries to be written),
 * {@link Boolean} and null; a store that has typed columns may give
 * {@link java.time.Instant} as well, and {@link Unreadable} for what it cannot make sense
 * of. Whoever makes one hands it over and does not change it any more.
 *
 * @param isPresent whether there is metadata at all; JSON's {@code null} is present
 * @param value the JSON value, null if absent
 */
public record Metadata(boolean isPresent, @Nullable Object value) {

	/** No metadata. */
	public static final Metadata ABSENT = new Metadata(false, null);

	public Metadata {
		if (!isPresent && value != null) {
			throw new IllegalArgumentException("absent metadata has no value");
		}
	}

	public static Metadata of(@Nullable Object value) {
		return new Metadata(true, value);
	}

}
