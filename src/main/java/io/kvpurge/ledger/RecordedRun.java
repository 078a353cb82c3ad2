package io.kvpurge.ledger;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What the seal of a run covers beside its ranges.
 *
 * @param run the run
 * @param attempts each of its attempts by number; empty if it is of a version that did
 * not write them down
 * @param previousSeal the seal of the run that was sealed before it, null if it has none
 */
record RecordedRun(PurgeRun run, List<RunAttempt> attempts, @Nullable String previousSeal) {

	RecordedRun {
		attempts = List.copyOf(attempts);
	}

	RunId id() {
		return this.run.id();
	}

}
