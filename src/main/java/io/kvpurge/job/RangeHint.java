package io.kvpurge.job;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;

/**
 * Tells people why more ranges at once than there are help nothing, and what would.
 *
 * @param partitions how many ranges shall be worked on at once
 * @param splittable whether the store divides prefixes by itself
 */
record RangeHint(int partitions, boolean splittable) {

	static RangeHint of(StoreCapabilities capabilities, int partitions) {
		return new RangeHint(partitions, capabilities.can(StoreCapability.SPLITTABLE));
	}

	/** One line, null if there is nothing to say about so many ranges. */
	@Nullable String line(int ranges) {
		if (this.splittable || ranges >= this.partitions) {
			return null;
		}
		return "there " + ((ranges == 1) ? "is one range" : "are " + ranges + " ranges") + ", so 'partitions: "
				+ this.partitions + "' does no more than " + ranges
				+ " would: this store lists a prefix page after page; more prefixes would help, or 'select.split-by'";
	}

}
