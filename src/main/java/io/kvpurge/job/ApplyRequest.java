package io.kvpurge.job;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Which plan to apply.
 *
 * @param definition the definition's name
 * @param plan the number of the plan, null for the definition's newest
 * @param expected the digest of the plan that was reviewed, null if none is given
 * @param patience how long to wait while another process owns the definition
 */
public record ApplyRequest(String definition, @Nullable Integer plan, @Nullable String expected, Duration patience) {
}
