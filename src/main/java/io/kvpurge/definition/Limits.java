package io.kvpurge.definition;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.RequestRate;

/**
 * What a run stays within.
 *
 * @param requests how many requests the store may be sent, null for as many as it takes
 * @param maxDeletes how many keys a run may delete over all its attempts, null for any
 * number
 * @param maxFraction how large a part of what is listed may match, null or 1 for all of
 * it
 * @param maxGrowth how many times as many entries may match as in earlier runs, null for
 * any number
 * @param window when keys may be deleted, null for at any time
 */
public record Limits(@Nullable RequestRate requests, @Nullable Long maxDeletes, @Nullable Double maxFraction,
		@Nullable Double maxGrowth, @Nullable Window window) {

	/** None. */
	public static final Limits NONE = new Limits(null, null, null, null, null);

	/** Whether everything must be found before anything is deleted. */
	public boolean judgeFirst() {
		return (this.maxFraction != null && this.maxFraction < 1) || this.maxGrowth != null;
	}

}
