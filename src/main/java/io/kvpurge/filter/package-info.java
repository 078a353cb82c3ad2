/** Decides which entries go: the rule, in CEL, over key, metadata and expiration. */
@NullMarked
@ApplicationModule(displayName = "Filter (rank 2)", allowedDependencies = "store")
package io.kvpurge.filter;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
