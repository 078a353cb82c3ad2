/** Tells somebody else how a run ended. */
@NullMarked
@ApplicationModule(displayName = "Webhook (rank 2)", allowedDependencies = {})
package io.kvpurge.webhook;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
