package io.kvpurge.ledger;

import java.time.Clock;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Guarantee;

/** Begins runs and takes them over, within a transaction of the caller. */
final class RunBeginning {

	private final PurgeRunTable runs;

	private final PurgeAttemptTable attempts;

	private final PurgeRangeTable ranges;

	private final Clock clock;

	RunBeginning(PurgeRunTable runs, PurgeAttemptTable attempts, PurgeRangeTable ranges, Clock clock) {
		this.runs = runs;
		this.attempts = attempts;
		this.ranges = ranges;
		this.clock = clock;
	}

	/** See {@link DeletionLedger#begin}. */
	RunFence begin(RunIdentity identity, String definitionText, Guarantee guarantee, boolean tellsVanished,
			RunOrigin origin, @Nullable RunId replaces) {
		this.runs.lock(identity.definition());
		Instant now = this.clock.instant();
		String launchedText = this.runs.keepDefinition(identity.digest(), identity.definition(), definitionText, now);
		RunId id = this.runs.nextId(identity.definition());
		this.runs.insert(id, identity, guarantee, tellsVanished, origin, replaces, launchedText, now);
		this.attempts.insert(id, 1, origin, now, 0);
		return new RunFence(id, 1);
	}

	/** See {@link DeletionLedger#takeOver}. */
	RunFence takeOver(RunId id, RunOrigin origin) {
		boolean isTaken = this.runs.takeOver(id, origin);
		PurgeRun run = this.runs.find(id);
		if (!isTaken || run == null) {
			throw new IllegalStateException("run " + id + " cannot be carried on: "
					+ ((run != null) ? "it is " + run.state() : "there is none"));
		}
		RunAttempt before = this.attempts.last(id);
		if (before != null && before.endedAt() == null) {
			this.attempts.end(id, RunState.FAILED,
					RunAttempt.DIED + "; its last sign of life was at " + before.aliveAt(), this.clock.instant());
		}
		long progress = RunTotals.of(run.stage(), this.ranges.shown(id)).progress();
		this.attempts.insert(id, run.attempts(), origin, this.clock.instant(), progress);
		return new RunFence(id, run.fence());
	}

}
