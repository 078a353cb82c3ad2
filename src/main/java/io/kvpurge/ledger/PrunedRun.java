package io.kvpurge.ledger;

import org.jspecify.annotations.Nullable;

/**
 * A sealed run that was old enough to be pruned.
 *
 * @param run the run as it was before
 * @param calls how many calls were removed
 * @param problem why nothing was removed: at which place its ledger is not intact; null
 * if it was pruned
 */
public record PrunedRun(PurgeRun run, long calls, @Nullable String problem) {

}
