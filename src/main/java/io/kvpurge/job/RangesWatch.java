package io.kvpurge.job;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.OptimisticLockingFailureException;

import io.kvpurge.broker.RangeMessage;
import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.RangeHolder;
import io.kvpurge.ledger.RemoteWorker;
import io.kvpurge.ledger.RunState;

/**
 * Stands beside the wait for the workers: tells them to stop, obeys what one of them
 * found, ends what nobody has begun when the run stops, and sends again what was lost on
 * the way.
 */
final class RangesWatch implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(RangesWatch.class);

	private static final long TICK_MILLIS = 500;

	private static final int TICKS_PER_SEARCH = 20;

	private final RemoteRanges ranges;

	private final long job;

	private final String step;

	private final JobRepository jobRepository;

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "ranges");
		thread.setDaemon(true);
		return thread;
	});

	private final Set<Long> missing = new HashSet<>();

	private boolean told;

	private boolean hinted;

	private int tick;

	/**
	 * @param job the number of the job execution
	 * @param step what the names of the step executions begin with
	 */
	RangesWatch(RemoteRanges ranges, long job, String step, JobRepository jobRepository) {
		this.ranges = ranges;
		this.job = job;
		this.step = step;
		this.jobRepository = jobRepository;
	}

	void start() {
		ScheduledFuture<?> unused = this.timer.scheduleWithFixedDelay(LogLabels.carriedTo(this::tick), 0, TICK_MILLIS,
				TimeUnit.MILLISECONDS);
	}

	private void tick() {
		try {
			look();
			if (++this.tick % TICKS_PER_SEARCH == 0) {
				search();
			}
		}
		catch (RuntimeException ex) {
			// The broker or the database is away for a moment: the next look will do.
			logger.debug("cannot look after the ranges", ex);
		}
	}

	private void look() {
		StopSignal stop = this.ranges.stop();
		if (stop.isRequested() && !this.told) {
			this.ranges.workers().remote().requestStop(this.ranges.fence(), String.valueOf(stop.reason()));
			this.told = true;
		}
		JobExecution execution = this.jobRepository.getJobExecution(this.job);
		if (execution == null) {
			return;
		}
		Set<String> held = held();
		for (StepExecution range : execution.getStepExecutions()) {
			if (!range.getStepName().startsWith(this.step + ":")) {
				continue;
			}
			if (!range.getStatus().isRunning()) {
				obey(range);
			}
			else if (this.told && !held.contains(range.getStepName())) {
				end(range);
			}
		}
	}

	private Set<String> held() {
		return this.ranges.workers()
			.remote()
			.holders(this.ranges.fence().run())
			.stream()
			.filter(RangeHolder::isAlive)
			.map((holder) -> this.step + ":" + LedgerRange.name(holder.range()))
			.collect(Collectors.toSet());
	}

	/** A limit, a quota or the window: what ends one range ends the run. */
	private void obey(StepExecution range) {
		StepNote note = StepNote.of(range);
		if (note != null && note.state() != RunState.FAILED) {
			this.ranges.stop().request(note.state(), note.reason());
		}
	}

	/** If a worker takes it this moment, one of the two finds its version changed. */
	private void end(StepExecution range) {
		range.setStatus(BatchStatus.STOPPED);
		range.setExitStatus(ExitStatus.STOPPED);
		range.setEndTime(LocalDateTime.now(ZoneId.systemDefault()));
		try {
			this.jobRepository.update(range);
		}
		catch (OptimisticLockingFailureException ex) {
			logger.debug(range.getStepName() + " was taken this moment", ex);
		}
	}

	/**
	 * Sends again what nobody holds and what is not in the queue, if that was so twice: a
	 * message that somebody has just taken is in neither place.
	 */
	private void search() {
		JobExecution execution = this.jobRepository.getJobExecution(this.job);
		if (execution == null || this.told) {
			return;
		}
		hint();
		Set<String> held = held();
		Set<Long> waiting = this.ranges.workers()
			.sender()
			.waiting(RemoteRanges.attempt(this.ranges.fence()))
			.stream()
			.map(RangeMessage::step)
			.collect(Collectors.toSet());
		Set<Long> missingNow = new HashSet<>();
		for (StepExecution range : execution.getStepExecutions()) {
			if (range.getStepName().startsWith(this.step + ":") && range.getStatus().isRunning()
					&& !held.contains(range.getStepName()) && !waiting.contains(range.getId())) {
				if (this.missing.contains(range.getId())) {
					this.ranges.workers().sender().send(this.ranges.message(this.job, range.getId()));
				}
				missingNow.add(range.getId());
			}
		}
		this.missing.clear();
		this.missing.addAll(missingNow);
	}

	private void hint() {
		if (!this.hinted && this.ranges.workers().remote().workers().stream().noneMatch(RemoteWorker::isAlive)) {
			this.hinted = true;
			this.ranges.listener()
				.onHint("no worker is there: start one with 'kvpurge worker', with the same database and broker");
		}
	}

	@Override
	public void close() {
		this.timer.shutdown();
		try {
			if (!this.timer.awaitTermination(10, TimeUnit.SECONDS)) {
				logger.warn("the watch over the ranges does not end");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
