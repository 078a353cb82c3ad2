package io.kvpurge.store;

import org.jspecify.annotations.Nullable;

/**
 * A part of a store's keys: those that begin with {@code prefix} and lie, in the store's
 * own order, behind {@code after} and not behind {@code upTo}. A store whose keys have no
 * order may divide them otherwise, and name a part in its own words.
 *
 * @param prefix what every key of the range begins with, may be empty
 * @param after the exclusive lower bound, null for none
 * @param upTo the inclusive upper bound, null for none
 * @param part which of these keys, in words that the store reads and people understand,
 * null for all
 */
public record KeyRange(Key prefix, @Nullable Key after, @Nullable Key upTo, @Nullable String part) {

	public KeyRange(Key prefix, @Nullable Key after, @Nullable Key upTo) {
		this(prefix, after, upTo, null);
	}

	/** Every key that begins with {@code prefix}. */
	public static KeyRange of(Key prefix) {
		return new KeyRange(prefix, null, null);
	}

}
