/**
 * Keys that somebody names one by one: read from a file or a list, divided and sorted on
 * disk, and looked up in place of a listing. Memory does not grow with their number.
 */
@NullMarked
@ApplicationModule(displayName = "Given keys (rank 2)", allowedDependencies = { "store", "store::jsonl" })
package io.kvpurge.given;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
