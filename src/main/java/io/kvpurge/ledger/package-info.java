/**
 * Writes down every deletion before it happens and what became of it: runs, their ranges
 * and their calls, chained by hashes. JDBC is hidden behind
 * {@link io.kvpurge.ledger.DeletionLedger}.
 */
@NullMarked
@ApplicationModule(displayName = "Ledger (rank 2)", allowedDependencies = "store")
package io.kvpurge.ledger;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
