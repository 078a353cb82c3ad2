package io.kvpurge.ledger;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A call without its keys.
 *
 * @param range the range's number
 * @param sequence counted from 1 within the range
 * @param attempt the run's attempt that announced it
 * @param keys how many keys it has
 * @param planned whether it says that keys were found, and nothing was sent
 * @param counts how often each outcome stands in it
 * @param announcedAt when it was announced
 * @param settledAt when it was settled, null while it is in doubt
 */
public record CallSummary(int range, int sequence, int attempt, int keys, boolean planned, OutcomeCounts counts,
		Instant announcedAt, @Nullable Instant settledAt) {

}
