package io.kvpurge.job;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import io.kvpurge.ledger.HandOut;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunFence;

/**
 * The attempts that a worker knows: those that it works for, and those that it is not fit
 * for. Safe for use by several threads.
 */
final class WorkerRuns implements AutoCloseable {

	private final WorkerRun.Surroundings here;

	private final int slots;

	private final Map<RunFence, WorkerRun> opened = new HashMap<>();

	private final Map<RunFence, String> parked = new HashMap<>();

	WorkerRuns(WorkerRun.Surroundings here, int slots) {
		this.here = here;
		this.slots = slots;
	}

	/**
	 * Opens the store of a run, once for all of its ranges.
	 * @return null if the run's ranges are not handed out any more
	 * @throws UnfitException if this process cannot work on it
	 */
	synchronized @Nullable WorkerRun open(PurgeRun run) throws UnfitException {
		RunFence fence = new RunFence(run.id(), run.fence());
		WorkerRun known = this.opened.get(fence);
		if (known != null) {
			return known;
		}
		HandOut handOut = this.here.remote().find(fence);
		if (handOut == null) {
			return null;
		}
		WorkerRun made = WorkerRun.open(this.here, run, handOut, this.slots);
		this.opened.put(fence, made);
		return made;
	}

	/**
	 * Remembers that this process is not fit for a run.
	 * @return false if that is known already
	 */
	synchronized boolean park(RunFence fence, String why) {
		return this.parked.putIfAbsent(fence, why) == null;
	}

	/** Which runs it takes no ranges of, and why; null if there are none. */
	synchronized @Nullable String remark() {
		Map<String, String> lines = new TreeMap<>();
		this.parked.forEach(
				(fence, why) -> lines.put(fence.run().toString(), "takes no ranges of " + fence.run() + ": " + why));
		return lines.isEmpty() ? null : String.join("; ", lines.values());
	}

	/**
	 * Forgets the attempts that have ended, and closes their stores.
	 * @param isInUse whether some range of it is worked on
	 * @return those that it was not fit for
	 */
	synchronized List<RunFence> forgetEnded(Predicate<RunFence> isInUse) {
		this.opened.entrySet().removeIf((entry) -> {
			boolean isOver = !isInUse.test(entry.getKey()) && isGone(entry.getKey());
			if (isOver) {
				entry.getValue().close();
			}
			return isOver;
		});
		List<RunFence> over = this.parked.keySet().stream().filter(this::isGone).toList();
		over.forEach(this.parked::remove);
		return over;
	}

	private boolean isGone(RunFence fence) {
		return this.here.remote().signals(fence).isGone();
	}

	@Override
	public synchronized void close() {
		this.opened.values().forEach(WorkerRun::close);
		this.opened.clear();
	}

}
