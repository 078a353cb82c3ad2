/**
 * Keeps entries before they are deleted: compressed segments of JSON lines, each checked
 * before its entries may go, and read again to put them back.
 */
@NullMarked
@ApplicationModule(displayName = "Backup (rank 2)", allowedDependencies = { "store", "store::jsonl" })
package io.kvpurge.backup;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
