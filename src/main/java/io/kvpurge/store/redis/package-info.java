/** Entries of a Redis server, or of one that speaks as it does. */
@NullMarked
package io.kvpurge.store.redis;

import org.jspecify.annotations.NullMarked;
