/** How logs look: lines for people, or JSON by Spring Boot's formats. */
@NullMarked
@ApplicationModule(displayName = "Logs (rank 1)", allowedDependencies = {})
package io.kvpurge.logs;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
