/**
 * Carries ranges from the process that splits a run to those that work on them, through
 * an Apache Artemis broker. JMS is hidden in it. What it carries are hints: nobody relies
 * on their coming once, in order, or at all.
 */
@NullMarked
@ApplicationModule(displayName = "Broker (rank 2)", allowedDependencies = "store")
package io.kvpurge.broker;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
