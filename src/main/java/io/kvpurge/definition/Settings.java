package io.kvpurge.definition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.kvpurge.broker.BrokerAddress;
import io.kvpurge.store.Key;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreOptions;

/**
 * How this installation of kvpurge works, whatever the definition.
 *
 * @param maxAge how long after its listing an entry may be deleted, where the store
 * cannot compare and delete
 * @param requestTimeout how long a store may take to answer
 * @param settleDelay how long a call may take effect after it was begun; null to take
 * what the store says of itself
 * @param protect what the keys begin with that no definition may delete
 * @param stores stores that a command line may name, by name
 * @param notices who is told how runs end
 * @param broker what carries ranges to workers, null if there is none
 */
public record Settings(Duration maxAge, Duration requestTimeout, @Nullable Duration settleDelay, List<Key> protect,
		Map<String, StoreDefinition> stores, Notices notices, @Nullable BrokerAddress broker) {

	/** What holds where nothing is set. */
	public static final Settings DEFAULT = new Settings(Duration.ofMinutes(1), StoreOptions.REQUEST_TIMEOUT, null,
			List.of(), Map.of(), Notices.NONE, null);

	public Settings {
		if (maxAge.isNegative() || maxAge.isZero() || requestTimeout.isNegative() || requestTimeout.isZero()) {
			throw new IllegalArgumentException("max-age and request-timeout are longer than nothing");
		}
		if (settleDelay != null && settleDelay.isNegative()) {
			throw new IllegalArgumentException("settle-delay is not negative");
		}
		protect = List.copyOf(protect);
		stores = Map.copyOf(stores);
	}

	/** These, and more keys protected: nobody takes protection back. */
	public Settings withProtected(List<Key> more) {
		List<Key> all = new ArrayList<>(this.protect);
		more.stream().filter((prefix) -> !all.contains(prefix)).forEach(all::add);
		return new Settings(this.maxAge, this.requestTimeout, this.settleDelay, all, this.stores, this.notices,
				this.broker);
	}

	/** How long a call of a store may take effect after it was begun. */
	public Duration settleDelay(StoreCapabilities capabilities) {
		return (this.settleDelay != null) ? this.settleDelay : capabilities.settleDelay();
	}

	/** These, with other stores. */
	Settings withStores(Map<String, StoreDefinition> others) {
		return new Settings(this.maxAge, this.requestTimeout, this.settleDelay, this.protect, others, this.notices,
				this.broker);
	}

	/** These, with others who are told. */
	Settings withNotices(Notices others) {
		return new Settings(this.maxAge, this.requestTimeout, this.settleDelay, this.protect, this.stores, others,
				this.broker);
	}

	/** These, with another broker. */
	public Settings withBroker(@Nullable BrokerAddress other) {
		return new Settings(this.maxAge, this.requestTimeout, this.settleDelay, this.protect, this.stores, this.notices,
				other);
	}

	/** These, with another age. */
	public Settings withMaxAge(Duration other) {
		return new Settings(other, this.requestTimeout, this.settleDelay, this.protect, this.stores, this.notices,
				this.broker);
	}

	/** These, with another timeout. */
	public Settings withRequestTimeout(Duration other) {
		return new Settings(this.maxAge, other, this.settleDelay, this.protect, this.stores, this.notices, this.broker);
	}

	/** These, with another delay. */
	public Settings withSettleDelay(@Nullable Duration other) {
		return new Settings(this.maxAge, this.requestTimeout, other, this.protect, this.stores, this.notices,
				this.broker);
	}

}
