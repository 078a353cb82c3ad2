package io.kvpurge.ledger;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The right to write to a run: every write states it, and fails once somebody else has
 * taken the run over.
 *
 * @param run the run
 * @param fence the number that its owner was given
 * @param lastSign when the attempt before gave its last sign of life, by the clock of
 * this process; null if there was none, or it said itself that it ended
 */
public record RunFence(RunId run, long fence, @Nullable Instant lastSign) {

}
