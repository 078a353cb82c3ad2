package io.kvpurge.ledger;

import org.jspecify.annotations.Nullable;

/**
 * What a run of mode {@link RunMode#RESTORE} puts back.
 *
 * @param run the number of the run that deleted it
 * @param where the rule that selects of it, null for all
 * @param overwrite whether it replaces what is there again
 */
public record RestoreTerms(int run, @Nullable String where, boolean overwrite) {

}
