package io.kvpurge.ledger;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One launch of a run.
 *
 * @param number counted from 1
 * @param origin who launched it, and where
 * @param startedAt when it began
 * @param aliveAt when its process last proved that it owns the run
 * @param endedAt when it ended, or was found to have ended; null while it is running
 * @param state how it ended; one that died without a word is {@link RunState#FAILED}
 * @param reason why it ended, one line; null while it is running
 * @param progress how far the run had come when it began: more is further
 */
public record RunAttempt(int number, RunOrigin origin, Instant startedAt, Instant aliveAt, @Nullable Instant endedAt,
		RunState state, @Nullable String reason, long progress) {

	/** What the reason of an attempt begins with that ended without a word. */
	static final String DIED = "died";

	/**
	 * Until when it went on, as far as is known: without an end, its last sign of life.
	 */
	public Instant until() {
		boolean died = this.reason != null && this.reason.startsWith(DIED);
		return (this.endedAt == null || died) ? this.aliveAt : this.endedAt;
	}

	/** Whether the run has come further since its latest attempt began. */
	public static boolean hasProgressed(List<RunAttempt> attempts, RunTotals totals) {
		return !attempts.isEmpty() && attempts.get(attempts.size() - 1).progress() < totals.progress();
	}

	/**
	 * How many attempts in a row failed, died or have not ended yet, and came no further
	 * than the run was when they began; counted back from the latest.
	 * @param attempts all of a run's attempts by number
	 * @param totals how the run stands now
	 */
	public static int fruitless(List<RunAttempt> attempts, RunTotals totals) {
		int count = 0;
		for (int i = attempts.size() - 1; i >= 0; i--) {
			RunAttempt attempt = attempts.get(i);
			boolean hasFailed = attempt.state() == RunState.FAILED || attempt.state() == RunState.RUNNING;
			if (!hasFailed || attempt.progress() != totals.progress()) {
				break;
			}
			count++;
		}
		return count;
	}

}
