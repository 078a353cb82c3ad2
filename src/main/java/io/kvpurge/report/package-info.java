/** Says what a run did: a pure function of the ledger. */
@NullMarked
@ApplicationModule(displayName = "Report (rank 3)", allowedDependencies = { "ledger", "store" })
package io.kvpurge.report;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
