package io.kvpurge.store;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a store can do and how much at once.
 *
 * @param pageLimit the most entries of one page, at least 1
 * @param bulkLimit the most keys of one delete, find or write call, at least 1
 * @param settleDelay how long after a delete was begun its outcome may still change, or a
 * listing may still show the key: not before may a call whose answer was lost be looked
 * into
 * @param abilities what it can do beyond the least
 */
public record StoreCapabilities(int pageLimit, int bulkLimit, Duration settleDelay, Set<StoreCapability> abilities) {

	public StoreCapabilities {
		if (pageLimit < 1 || bulkLimit < 1) {
			throw new IllegalArgumentException("limits are at least 1");
		}
		abilities = Set.copyOf(abilities);
	}

	public static StoreCapabilities of(int pageLimit, int bulkLimit, StoreCapability... abilities) {
		EnumSet<StoreCapability> set = EnumSet.noneOf(StoreCapability.class);
		set.addAll(Set.of(abilities));
		return new StoreCapabilities(pageLimit, bulkLimit, Duration.ZERO, set);
	}

	/** These, with another settle delay. */
	public StoreCapabilities withSettleDelay(Duration delay) {
		return new StoreCapabilities(this.pageLimit, this.bulkLimit, delay, this.abilities);
	}

	public boolean can(StoreCapability ability) {
		return this.abilities.contains(ability);
	}

	/** Which promise a delete keeps for entries rewritten since they were listed. */
	public Guarantee guarantee() {
		return can(StoreCapability.CONDITIONAL_DELETE) ? Guarantee.COMPARE_AND_DELETE : Guarantee.LIST_THEN_DELETE;
	}

}
