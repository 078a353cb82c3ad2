package io.kvpurge.store;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * An entry to be written, with its value.
 *
 * @param key its name
 * @param value the value, null where the store keeps none (a table with no value column)
 * @param metadata what stands beside the value
 * @param expiration when the store shall drop it, null for never
 */
public record KeyValue(Key key, @Nullable Value value, Metadata metadata, @Nullable Instant expiration) {

}
