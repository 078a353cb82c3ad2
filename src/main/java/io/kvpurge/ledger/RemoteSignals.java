package io.kvpurge.ledger;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What is said to all who work on a run.
 *
 * @param isGone whether the run has ended, or was taken over
 * @param stopping why they shall end at their next chunk, null if they shall not
 * @param paused for how long the store wants to be left alone yet
 */
public record RemoteSignals(boolean isGone, @Nullable String stopping, Duration paused) {

}
