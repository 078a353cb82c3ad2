package io.kvpurge.store.redis;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Version;

/**
 * What was seen of a key.
 *
 * @param digest over what was asked of it
 * @param idle for how many seconds nobody had used it, null if that was not asked, or if
 * the reading itself was a use
 * @param freq how often it had been used, null as for idle
 */
record SeenKey(String digest, @Nullable Long idle, @Nullable Long freq) implements Version {

}
