package io.kvpurge.ledger;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * One launch of a run.
 *
 * @param number counted from 1
 * @param origin who launched it, and where
 * @param startedAt when it began
 * @param aliveAt when its process last proved that it owns the run, by the clock of the
 * database
 * @param endedAt when it ended, or was found to have ended; null while it is running
 * @param state how it ended; one that died without a word is {@link RunState#FAILED}
 * @param reason why it ended, one line; null while it is running
 * @param progress how far the run had come when it began: more is further
 */
public record RunAttempt(int number, RunOrigin origin, Instant startedAt, Instant aliveAt, @Nullable Instant endedAt,
		RunState state, @Nullable String reason, long progress) {

}
