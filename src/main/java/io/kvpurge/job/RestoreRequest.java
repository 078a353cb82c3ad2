package io.kvpurge.job;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.kvpurge.definition.PurgeDefinition;

/**
 * What to put back.
 *
 * @param definition the definition's name
 * @param run the number of the run that deleted it, null for the definition's newest
 * @param where which of it, as a rule; null for all
 * @param overwrite whether what is there again is replaced
 * @param into the definition of the store to write to, null for the one it is from
 * @param patience how long to wait while another process owns the definition
 */
public record RestoreRequest(String definition, @Nullable Integer run, @Nullable String where, boolean overwrite,
		@Nullable PurgeDefinition into, Duration patience) {
}
