package io.kvpurge.ledger;

/**
 * The right to write to a run: every write states it, and fails once somebody else has
 * taken the run over.
 *
 * @param run the run
 * @param fence the number that its owner was given
 */
public record RunFence(RunId run, long fence) {

}
