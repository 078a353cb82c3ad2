/**
 * The port to a key-value store: what kvpurge asks of one, in the words of the JDK alone.
 * Adapters live in the packages below and are strangers to one another; they are found as
 * {@link io.kvpurge.store.StoreType} services.
 */
@NullMarked
@ApplicationModule(displayName = "Store (rank 1)", allowedDependencies = {})
package io.kvpurge.store;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
