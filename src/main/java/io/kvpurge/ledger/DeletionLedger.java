package io.kvpurge.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Guarantee;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;

/**
 * The book of what was deleted. Safe for use by several threads, each with ranges of its
 * own. Every write is one committed transaction; where one fails, nothing of it was
 * written, or (when the connection broke in the commit) all of it.
 */
public interface DeletionLedger {

	/**
	 * How long after a proof of ownership a delete may be sent. Whoever takes a run over
	 * relies on it.
	 */
	Duration PROOF_VALIDITY = Duration.ofSeconds(2);

	/** The run of this name, null if there is none. */
	@Nullable PurgeRun find(RunId id);

	/** The newest run of a definition in a mode (null for any), null if there is none. */
	@Nullable PurgeRun latest(String definition, @Nullable RunMode mode);

	/** The runs of a definition, newest first. */
	List<PurgeRun> runs(String definition);

	/** The names of the definitions that have runs, sorted. */
	List<String> definitions();

	/**
	 * Opens a new run and gives its first fence.
	 * @param replaces the run that was given up for it after attempts that came no
	 * further, null if there is none
	 */
	RunFence begin(RunIdentity identity, String definitionText, Guarantee guarantee, boolean tellsVanished,
			RunOrigin origin, @Nullable RunId replaces);

	/**
	 * Takes over a run that can be carried on: one more attempt, a new fence, every older
	 * one void.
	 * @throws IllegalStateException if there is no such run or it is sealed
	 */
	RunFence takeOver(RunId id, RunOrigin origin);

	/** The attempts of a run by number. */
	List<RunAttempt> attempts(RunId id);

	/**
	 * Writes down that the owner is alive; once it returned, nobody had taken the run
	 * over when it was called.
	 * @throws FencedException if the run has another owner: nothing may be sent
	 */
	void prove(RunFence fence);

	/**
	 * Writes the ranges of a run down, all at once; if there are any already, those are
	 * kept.
	 * @return the ranges that now stand
	 * @throws FencedException if the run has another owner
	 */
	List<LedgerRange> saveRanges(RunFence fence, List<KeyRange> ranges);

	/** The ranges of a run by number, empty before they were saved. */
	List<LedgerRange> ranges(RunId id);

	/**
	 * Writes a bulk delete down before it is sent.
	 * @param keys at least one, in the order in which they were listed
	 * @return the call, to be handed to {@link #settle}
	 * @throws FencedException if the run has another owner: nothing may be sent
	 */
	default LedgerCall announce(RunFence fence, int range, List<Key> keys) {
		return announce(fence, range, keys, null);
	}

	/**
	 * As the other method, but no more keys than the run may still delete. What all its
	 * ranges have deleted counts, in all its attempts, and every key of a call that is
	 * not settled: it may be gone.
	 * @param maxDeletes how many keys the run may delete, null for any number
	 * @return the call, with the first of the keys if all of them would be too many
	 * @throws LimitReachedException if not one more key may be deleted
	 * @throws FencedException if the run has another owner: nothing may be sent
	 */
	LedgerCall announce(RunFence fence, int range, List<Key> keys, @Nullable Long maxDeletes);

	/**
	 * Writes down what became of an announced call, and in the same transaction how far
	 * its range has come.
	 * @param outcomes one for each key, in the order of the keys
	 * @throws FencedException if the run has another owner
	 * @throws IllegalStateException if the call is settled already
	 */
	void settle(RunFence fence, LedgerCall call, List<KeyOutcome> outcomes, RangeProgress progress);

	/**
	 * Writes down how far a range has come.
	 * @throws FencedException if the run has another owner
	 */
	void save(RunFence fence, int range, RangeProgress progress);

	/**
	 * Writes keys down as found by a plan, and in the same transaction how far their
	 * range has come. They stand there like a call whose keys are all
	 * {@link Outcome#PLANNED}.
	 * @param keys in the order in which they were listed; if there are none, only the
	 * progress is written
	 * @throws FencedException if the run has another owner
	 */
	void plan(RunFence fence, int range, List<Key> keys, RangeProgress progress);

	/**
	 * Says of a run whose ranges are not saved yet whether it finds everything before it
	 * deletes anything.
	 * @throws FencedException if the run has another owner
	 */
	void findFirst(RunFence fence, boolean first);

	/**
	 * Lets a run that has found everything delete what it found: its ranges begin anew,
	 * with what they counted. Done once; if it is done already, nothing happens.
	 * @throws FencedException if the run has another owner
	 */
	void beginDeleting(RunFence fence);

	/**
	 * Says where a run saves what it deletes.
	 * @return where it said so first: there it stays
	 * @throws FencedException if the run has another owner
	 */
	String backup(RunFence fence, String place);

	/** How many calls a range has: they are numbered from 1. */
	int calls(RunId id, int range);

	/** A call by its place, null if there is none. */
	@Nullable LedgerCall call(RunId id, int range, int sequence);

	/**
	 * Writes down what it would take to delete what a plan names.
	 * @throws FencedException if the run has another owner
	 */
	void forecast(RunFence fence, Forecast forecast);

	/** The calls of a range that were announced and not settled, by sequence. */
	List<LedgerCall> unsettled(RunId id, int range);

	/**
	 * The keys that were done for good by calls of a range behind which its position did
	 * not move: calls of which other keys are to be judged again, or whose answer was
	 * lost. Some may be before the position by now.
	 */
	List<Key> doneBehindPosition(RunId id, int range);

	/** What a plan found, over all its ranges; nothing for any other run. */
	Findings findings(RunId id);

	/** The sum over the ranges. */
	RunTotals totals(RunId id);

	/**
	 * Ends an attempt that can be carried on.
	 * @param state a {@linkplain RunState#isResumable() resumable} one, but not
	 * {@link RunState#RUNNING}
	 * @param reason one line, without secrets
	 * @throws FencedException if the run has another owner
	 */
	void end(RunFence fence, RunState state, String reason);

	/**
	 * Ends a run for good and seals it.
	 * @param state {@link RunState#COMPLETED} or {@link RunState#SUPERSEDED}
	 * @return the seal, hex
	 * @throws FencedException if the run has another owner
	 */
	String seal(RunFence fence, RunState state, String reason);

	/** Shows every call of a run, by range and sequence, one at a time. */
	void calls(RunId id, Consumer<LedgerCall> consumer);

	/**
	 * Shows the calls of a run that say what became of their keys, as {@link #calls}
	 * does. Those that say that keys were found do not, once these are being deleted:
	 * later ones do.
	 */
	default void outcomes(PurgeRun run, Consumer<LedgerCall> consumer) {
		calls(run.id(), (call) -> {
			if (run.stage() != RunStage.DELETING || !call.isPlanned()) {
				consumer.accept(call);
			}
		});
	}

	/** Shows every call of a run without its keys, by range and sequence. */
	void callSummaries(RunId id, Consumer<CallSummary> consumer);

	/**
	 * When the steps of a run were worked on, in the order in which they began; none
	 * where the run was pruned. By the job repository, which knows no time zone: where
	 * hosts of several zones share it, by that of this process.
	 */
	List<StepTime> steps(RunId id);

	/** Recomputes the hashes of a run, and the seal if it has one. */
	Verification verify(RunId id);

	/**
	 * Removes the calls of the sealed runs of a definition that ended before an instant,
	 * and what the job repository keeps of these runs; run, attempts, ranges and all that
	 * is needed to recompute the seal stay. A run that is not intact is left alone.
	 * @return the runs that were pruned or left alone for that, the oldest first; those
	 * that were pruned earlier are not in it
	 */
	List<PrunedRun> prune(String definition, Instant endedBefore);

	/**
	 * Writes a run as it stands into a new file, whole or not at all.
	 * @throws LedgerException if there is no such run, its rows cannot be read, the file
	 * is there already, or it cannot be written
	 */
	void export(RunId id, RunExport target);

}
