package io.kvpurge.ledger;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * When a step of a run was worked on.
 *
 * @param name the step's name in the job repository; that of a range ends with
 * {@code :range-00017}
 * @param status how it ended, in the words of the job repository
 * @param startedAt when it began
 * @param endedAt when it ended, null if it has not, or died; of one that died it may also
 * be when that was found out
 */
public record StepTime(String name, String status, Instant startedAt, @Nullable Instant endedAt) {

}
