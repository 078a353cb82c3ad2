package io.kvpurge.store;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * An entry to be written, with its value.
 *
 * @param key its name
 * @param value the value, null where the store keeps none (a table with no value column)
 * @param metadata what stands beside the value
 * @param expiration when the store shall drop it, null for never
 * @param columns what else the store keeps of it, part by part, as the store spells it
 * (the columns of a row); they win over metadata and expiration. Empty for a store that
 * keeps nothing else, null for a part without a value
 */
public record KeyValue(Key key, @Nullable Value value, Metadata metadata, @Nullable Instant expiration,
		Map<String, @Nullable Value> columns) {

	public KeyValue {
		columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
	}

	/** An entry of which there is nothing else. */
	public KeyValue(Key key, @Nullable Value value, Metadata metadata, @Nullable Instant expiration) {
		this(key, value, metadata, expiration, Map.of());
	}

}
