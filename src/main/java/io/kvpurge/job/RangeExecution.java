package io.kvpurge.job;

import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

import io.kvpurge.broker.RangeMessage;
import io.kvpurge.ledger.ClaimedRange;
import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RangeProgress;
import io.kvpurge.ledger.RemoteRuns;

/** Takes a range, works on it as long as it is this worker's, and gives it back. */
final class RangeExecution {

	/** How long somebody else's hold of a range is waited for before looking again. */
	private static final Duration CLAIM_INTERVAL = Duration.ofMillis(300);

	private final String worker;

	private final RemoteRuns remote;

	private final JobRepository jobRepository;

	private final RangeGuard guard;

	private final Executor pages;

	private final Executor calls;

	private final WorkerListener listener;

	private final Clock clock;

	/**
	 * @param worker the name of this one
	 * @param pages lists ahead
	 * @param calls sends bulk calls
	 */
	RangeExecution(String worker, RemoteRuns remote, JobRepository jobRepository, RangeGuard guard, Executor pages,
			Executor calls, WorkerListener listener, Clock clock) {
		this.worker = worker;
		this.remote = remote;
		this.jobRepository = jobRepository;
		this.guard = guard;
		this.pages = pages;
		this.calls = calls;
		this.listener = listener;
		this.clock = clock;
	}

	/**
	 * Works on the range of a message, once it is free.
	 * @return false if others shall carry on with it
	 * @throws io.kvpurge.ledger.FencedException if the attempt is over
	 */
	boolean work(RangeMessage message, WorkerRun open, PurgeRun run, RangeTask task) {
		for (StepExecution step = this.guard.wanted(message); step != null; step = this.guard.wanted(message)) {
			Boolean done = workIfFree(message, number(step), open, run, task);
			if (done != null) {
				return done;
			}
			try {
				task.stop().await(CLAIM_INTERVAL);
			}
			catch (InterruptedException ex) {
				return false;
			}
		}
		return true;
	}

	/** Null if somebody else has the range: one that is frozen or cut off, say. */
	private @Nullable Boolean workIfFree(RangeMessage message, int range, WorkerRun open, PurgeRun run,
			RangeTask task) {
		try (ClaimedRange claimed = this.remote.claim(task.fence(), range, this.worker)) {
			if (claimed == null) {
				return null;
			}
			// Whoever had it before may have come to its end meanwhile.
			StepExecution step = this.guard.wanted(message);
			return step == null || execute(step, claimed, open, run, task);
		}
	}

	private boolean execute(StepExecution step, ClaimedRange claimed, WorkerRun open, PurgeRun run, RangeTask task) {
		String range = LedgerRange.name(number(step));
		this.listener.onRange(run.id(), range);
		LogLabels labels = LogLabels.run(run);
		try (RunOwnership ownership = new RunOwnership(claimed.ledger()::prove, task.fence(), task.stop(),
				this.clock)) {
			task.ownedBy(ownership);
			ownership.start();
			RunSetup setup = open.setup(claimed.ledger(), run.stage() != null, ownership, task.stop(), this.clock);
			String kind = step.getStepName().substring(0, step.getStepName().indexOf(':'));
			new RangeStep(kind, setup, this.jobRepository, open.budget(), labelled(this.pages), labelled(this.calls),
					task)
				.execute(step);
			boolean givenBack = task.isGivenBack(step);
			this.listener.onRangeEnd(run.id(), range,
					givenBack ? "given back" : step.getStatus().name().toLowerCase(Locale.ROOT), progress(run, range));
			return !givenBack;
		}
		catch (JobInterruptedException ex) {
			return false;
		}
		finally {
			open.forget(number(step));
			labels.remove();
		}
	}

	private static Executor labelled(Executor threads) {
		return (task) -> threads.execute(LogLabels.carriedTo(task));
	}

	private RangeProgress progress(PurgeRun run, String name) {
		return this.remote.ledger()
			.ranges(run.id())
			.stream()
			.filter((range) -> range.name().equals(name))
			.map(LedgerRange::progress)
			.findFirst()
			.orElse(RangeProgress.START);
	}

	private static int number(StepExecution step) {
		return Integer.parseInt(step.getStepName().substring(step.getStepName().lastIndexOf('-') + 1));
	}

}
