package io.kvpurge.store;

import org.jspecify.annotations.Nullable;

/**
 * A part of a store's keys: those that begin with {@code prefix} and lie, in the store's
 * own order, behind {@code after} and not behind {@code upTo}.
 *
 * @param prefix what every key of the range begins with, may be empty
 * @param after the exclusive lower bound, null for none
 * @param upTo the inclusive upper bound, null for none
 */
public record KeyRange(Key prefix, @Nullable Key after, @Nullable Key upTo) {

	/** Every key that begins with {@code prefix}. */
	public static KeyRange of(Key prefix) {
		return new KeyRange(prefix, null, null);
	}

}
