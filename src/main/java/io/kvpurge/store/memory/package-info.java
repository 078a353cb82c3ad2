/** A store in this process's memory: the reference for all others, and for tests. */
@NullMarked
package io.kvpurge.store.memory;

import org.jspecify.annotations.NullMarked;
