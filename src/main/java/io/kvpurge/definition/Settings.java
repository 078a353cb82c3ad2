package io.kvpurge.definition;

import java.time.Duration;
import java.util.Map;

/**
 * How this installation of kvpurge works, whatever the definition.
 *
 * @param maxAge how long after its listing an entry may be deleted, where the store
 * cannot compare and delete
 * @param stores stores that a command line may name, by name
 */
public record Settings(Duration maxAge, Map<String, StoreDefinition> stores) {

	/** What holds where nothing is set. */
	public static final Settings DEFAULT = new Settings(Duration.ofMinutes(1), Map.of());

	public Settings {
		if (maxAge.isNegative() || maxAge.isZero()) {
			throw new IllegalArgumentException("max-age is longer than nothing");
		}
		stores = Map.copyOf(stores);
	}

}
