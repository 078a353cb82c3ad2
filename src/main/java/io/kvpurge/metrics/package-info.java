/** Says in numbers what a run did, to whoever collects numbers. */
@NullMarked
@ApplicationModule(displayName = "Metrics (rank 4)", allowedDependencies = { "ledger", "report" })
package io.kvpurge.metrics;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
