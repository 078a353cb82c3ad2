package io.kvpurge.definition;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.RequestRate;

/**
 * What a run stays within.
 *
 * @param requests how many requests the store may be sent, null for as many as it takes
 * @param keysPerSecond how many keys may be deleted in a second, null for as many as the
 * store takes
 * @param maxDeletes how many keys a run may delete over all its attempts, null for any
 * number
 * @param maxFraction how large a part of what is listed may match, 1 for all of it; null
 * for {@value #USUAL_FRACTION} where more than {@value #FEW} entries are listed
 * @param maxGrowth how many times as many entries may match as in earlier runs, null for
 * any number
 * @param maxShrink by how large a part the listing may be shorter than in earlier runs, 1
 * for all of it; null for {@value #USUAL_SHRINK} where everything is found first anyway
 * @param window when keys may be deleted, null for at any time
 */
public record Limits(@Nullable RequestRate requests, @Nullable Integer keysPerSecond, @Nullable Long maxDeletes,
		@Nullable Double maxFraction, @Nullable Double maxGrowth, @Nullable Double maxShrink, @Nullable Window window) {

	/** How large a part may match of more than a few, if nothing is said. */
	public static final double USUAL_FRACTION = 0.5;

	/** So few entries may all match, if nothing is said. */
	public static final int FEW = 1000;

	/** By how large a part the listing may be shorter, if nothing is said. */
	public static final double USUAL_SHRINK = 0.9;

	/** None is named. */
	public static final Limits NONE = new Limits(null, null, null, null, null, null, null);

	/**
	 * Whether everything must be found before anything is deleted: unless all that is
	 * listed may match, and nothing else asks for it.
	 */
	public boolean judgeFirst() {
		return !mayTakeAll() || this.maxGrowth != null || (this.maxShrink != null && this.maxShrink < 1);
	}

	/** The same where a definition says that it means all that it looks at. */
	Limits ofAll() {
		return (this.maxFraction != null) ? this : new Limits(this.requests, this.keysPerSecond, this.maxDeletes, 1.0,
				this.maxGrowth, this.maxShrink, this.window);
	}

	/** Whether it is said that all that is listed may match. */
	public boolean mayTakeAll() {
		return this.maxFraction != null && this.maxFraction == 1;
	}

	/** Whether a definition itself names what is judged first. */
	public boolean isAsked() {
		return this.maxFraction != null || this.maxGrowth != null || this.maxShrink != null;
	}

	/** By how large a part the listing may be shorter. */
	public double shrink() {
		return (this.maxShrink != null) ? this.maxShrink : USUAL_SHRINK;
	}

	/** How large a part may match of so many entries. */
	public double fractionOf(long listed) {
		return (this.maxFraction != null) ? this.maxFraction : (listed > FEW) ? USUAL_FRACTION : 1;
	}

}
