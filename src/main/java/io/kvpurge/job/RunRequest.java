package io.kvpurge.job;

import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.ledger.RunMode;

/**
 * What to run.
 *
 * @param definition the definition with its parameters
 * @param mode what to do with what matches
 * @param fresh whether to begin anew even if an unfinished run could be carried on
 */
public record RunRequest(BoundDefinition definition, RunMode mode, boolean fresh) {

}
