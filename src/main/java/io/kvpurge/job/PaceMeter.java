package io.kvpurge.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.kvpurge.ledger.CallCounts;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunIdentity;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunStage;
import io.kvpurge.ledger.RunState;
import io.kvpurge.ledger.RunTotals;

/**
 * Measures how fast a run is, and tells from the size of the last complete run like it
 * how long it still takes. Where there is none it does not guess.
 */
final class PaceMeter {

	/** Nothing is told from less. */
	private static final Duration SHORTEST = Duration.ofSeconds(2);

	private final @Nullable PurgeRun like;

	private final long expected;

	private @Nullable RunStage stage;

	private @Nullable RunTotals first;

	private Instant since = Instant.MIN;

	private PaceMeter(@Nullable PurgeRun like, long expected) {
		this.like = like;
		this.expected = expected;
	}

	/** Of a run that is about to go on. */
	static PaceMeter of(DeletionLedger ledger, PurgeRun run) {
		PurgeRun like = like(ledger, run.identity());
		return new PaceMeter(like, (like != null) ? expected(run.identity(), ledger.totals(like.id()).counts()) : 0);
	}

	/**
	 * The run whose size tells that of this one: what it works on, or the last like it.
	 */
	private static @Nullable PurgeRun like(DeletionLedger ledger, RunIdentity identity) {
		if (identity.plan() != null) {
			return ledger.find(new RunId(identity.definition(), identity.plan()));
		}
		if (identity.restore() != null) {
			return ledger.find(new RunId(identity.definition(), identity.restore().run()));
		}
		return ledger.runs(identity.definition())
			.stream()
			.filter((run) -> run.state() == RunState.COMPLETED && isLike(run.identity(), identity))
			.findFirst()
			.orElse(null);
	}

	/** A plan lists what a purge lists. */
	private static boolean isLike(RunIdentity earlier, RunIdentity identity) {
		return (earlier.mode() == RunMode.PURGE || earlier.mode() == RunMode.PLAN) && earlier.concernsSameAs(identity);
	}

	private static long expected(RunIdentity identity, EntryCounts counts) {
		return switch (identity.mode()) {
			case APPLY -> counts.matched();
			case RESTORE -> counts.deleted();
			default -> counts.listed();
		};
	}

	/** Of a run that began then, with nothing done. */
	PaceMeter since(@Nullable RunStage from, Instant begin) {
		begin(from, new RunTotals(0, 0, EntryCounts.ZERO, CallCounts.ZERO, Map.of()), begin);
		return this;
	}

	/**
	 * Looks at the run.
	 * @param now not before the look before
	 */
	Pace look(@Nullable RunStage now, RunTotals totals, Instant at) {
		RunTotals before = this.first;
		if (before == null || now != this.stage) {
			begin(now, totals, at);
			return Pace.NOT_YET;
		}
		Duration passed = Duration.between(this.since, at);
		long done = done(totals.counts()) - done(before.counts());
		if (passed.compareTo(SHORTEST) < 0 || done <= 0) {
			return Pace.NOT_YET;
		}
		return pace(totals.counts(), done, passed);
	}

	/** From here on it is measured. */
	private void begin(@Nullable RunStage now, RunTotals totals, Instant at) {
		this.stage = now;
		this.first = totals;
		this.since = at;
	}

	/** What was found is deleted without being listed again. */
	private long done(EntryCounts counts) {
		return (this.stage == RunStage.DELETING)
				? counts.deleted() + counts.vanished() + counts.spared() + counts.refused() : counts.listed();
	}

	private Pace pace(EntryCounts counts, long done, Duration passed) {
		long perSecond = done * 1000 / passed.toMillis();
		if (this.stage == RunStage.DELETING) {
			return new Pace(perSecond, left(counts.matched() - done(counts), done, passed), null, null);
		}
		if (this.like == null) {
			return new Pace(perSecond, null, null, "there is no complete run to compare with");
		}
		if (counts.listed() > this.expected) {
			return new Pace(perSecond, null, null,
					"it lists more than the %,d keys of %s".formatted(this.expected, this.like.id()));
		}
		Duration left = left(this.expected - counts.listed(), done, passed);
		return (this.stage == RunStage.FINDING) ? new Pace(perSecond, null, left, null)
				: new Pace(perSecond, left, null, null);
	}

	private static Duration left(long remaining, long done, Duration passed) {
		return Duration.ofMillis((long) ((double) Math.max(0, remaining) * passed.toMillis() / done));
	}

}
