/**
 * Reads a definition: YAML in, a checked {@link io.kvpurge.definition.PurgeDefinition}
 * out.
 */
@NullMarked
@ApplicationModule(displayName = "Definition (rank 3)",
		allowedDependencies = { "broker", "filter", "given", "store", "store::jsonl" })
package io.kvpurge.definition;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
