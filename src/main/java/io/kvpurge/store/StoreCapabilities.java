package io.kvpurge.store;

import java.time.Duration;
import java.util.Set;

/**
 * What a store can do and how much at once.
 *
 * @param pageLimit the most entries of one page, at least 1
 * @param bulkLimit the most keys of one delete or write call, at least 1
 * @param readLimit the most keys of one find or read call, at least 1
 * @param bulkCallsAtOnce how many delete, write, find or read calls may be under way at a
 * time, at least 1
 * @param settleDelay how long after a delete was begun its outcome may still change, or a
 * listing may still show the key: not before may a call whose answer was lost be looked
 * into
 * @param abilities what it can do beyond the least
 */
public record StoreCapabilities(int pageLimit, int bulkLimit, int readLimit, int bulkCallsAtOnce, Duration settleDelay,
		Set<StoreCapability> abilities) {

	public StoreCapabilities {
		if (pageLimit < 1 || bulkLimit < 1 || readLimit < 1 || bulkCallsAtOnce < 1) {
			throw new IllegalArgumentException("limits are at least 1");
		}
		abilities = Set.copyOf(abilities);
	}

	/**
	 * Reads take as many keys as deletes, any number of calls may be under way, and what
	 * was answered is done.
	 */
	public static StoreCapabilities of(int pageLimit, int bulkLimit, StoreCapability... abilities) {
		return new StoreCapabilities(pageLimit, bulkLimit, bulkLimit, Integer.MAX_VALUE, Duration.ZERO,
				Set.of(abilities));
	}

	/** These, with another page limit and another bulk limit. */
	public StoreCapabilities withLimits(int page, int bulk) {
		return new StoreCapabilities(page, bulk, Math.min(bulk, this.readLimit), this.bulkCallsAtOnce, this.settleDelay,
				this.abilities);
	}

	/** These, with another read limit. */
	public StoreCapabilities withReadLimit(int limit) {
		return new StoreCapabilities(this.pageLimit, this.bulkLimit, limit, this.bulkCallsAtOnce, this.settleDelay,
				this.abilities);
	}

	/** These, with so many bulk calls at once. */
	public StoreCapabilities withBulkCallsAtOnce(int calls) {
		return new StoreCapabilities(this.pageLimit, this.bulkLimit, this.readLimit, calls, this.settleDelay,
				this.abilities);
	}

	/** These, with another settle delay. */
	public StoreCapabilities withSettleDelay(Duration delay) {
		return new StoreCapabilities(this.pageLimit, this.bulkLimit, this.readLimit, this.bulkCallsAtOnce, delay,
				this.abilities);
	}

	public boolean can(StoreCapability ability) {
		return this.abilities.contains(ability);
	}

	/** Which promise a delete keeps for entries rewritten since they were listed. */
	public Guarantee guarantee() {
		return can(StoreCapability.CONDITIONAL_DELETE) ? Guarantee.COMPARE_AND_DELETE : Guarantee.LIST_THEN_DELETE;
	}

}
