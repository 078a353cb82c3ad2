package io.kvpurge.job;

import java.util.concurrent.Executor;

import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.ChunkOrientedStepBuilder;
import org.springframework.batch.infrastructure.item.ItemStreamWriter;

import io.kvpurge.backup.RunBackup;
import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.resilient.CallMeter;
import io.kvpurge.store.resilient.ResilientKeyValueStore;

/**
 * The step of one range. For each execution it builds a chunk-oriented step of its own,
 * whose reader, processor and writer nobody else sees: what other designs keep apart by
 * scopes and locks is apart here because it is never shared.
 */
final class RangeStep implements Step {

	static final String NAME = "range";

	private final RunSetup run;

	private final JobRepository jobRepository;

	private final PageBudget budget;

	private final Executor prefetcher;

	RangeStep(RunSetup run, JobRepository jobRepository, PageBudget budget, Executor prefetcher) {
		this.run = run;
		this.jobRepository = jobRepository;
		this.budget = budget;
		this.prefetcher = prefetcher;
	}

	@Override
	public String getName() {
		return NAME;
	}

	@Override
	public void execute(StepExecution stepExecution) throws JobInterruptedException {
		CallMeter meter = new CallMeter();
		LedgerRange range = rangeOf(stepExecution);
		RangeWork work = new RangeWork(this.run.ledger(), this.run.fence(), range, meter, this.run.clock());
		build(stepExecution.getStepName(), work, range, meter).execute(stepExecution);
	}

	private Step build(String name, RangeWork work, LedgerRange range, CallMeter meter) {
		ResilientKeyValueStore store = this.run.paced(meter);
		StoreCapabilities capabilities = store.capabilities();
		boolean comparing = capabilities.can(StoreCapability.CONDITIONAL_DELETE);
		if (!comparing) {
			work.rememberGone();
		}
		PageFetcher pages = new PageFetcher(store, range.bounds(), this.budget,
				capabilities.can(StoreCapability.ORDERED), this.prefetcher, this.run.stop(), this.run.clock());
		KeyListingItemReader reader = new KeyListingItemReader(pages, work, this.run.stop());
		FilterItemProcessor processor = new FilterItemProcessor(this.run.filter(), work, comparing);
		return new ChunkOrientedStepBuilder<ListedEntry, MatchedEntry>(name, this.jobRepository,
				this.budget.chunkSize())
			.reader(reader)
			.processor(processor)
			.writer(writer(new RangeReading(reader, processor), work, store))
			.interruptionPolicy(new StopInterruptionPolicy(this.run.stop()))
			.listener((StepExecutionListener) new DoneOrNotCompleted(work, this.run.stop()))
			.build();
	}

	private ItemStreamWriter<MatchedEntry> writer(RangeReading reading, RangeWork work, ResilientKeyValueStore store) {
		if (this.run.mode() == RunMode.PLAN) {
			return new CountingItemWriter(reading, work);
		}
		DoubtfulCalls doubtful = new DoubtfulCalls(store, this.run.settleDelay(), this.run.stop());
		BatchDeleter deleter = store::delete;
		int batchLimit = this.budget.batchLimit();
		StoreCapabilities capabilities = store.capabilities();
		SecondJudgement judgement = new SecondJudgement(this.run.filter(),
				capabilities.can(StoreCapability.CONDITIONAL_DELETE), this.run.maxAge());
		RunBackup backup = this.run.backup();
		if (backup != null) {
			deleter = new SavedDelete(store, capabilities.readLimit(), backup, work.number(), judgement, deleter);
		}
		else if (this.run.recheck()) {
			deleter = new RecheckedDelete(store, judgement, deleter);
		}
		if (backup != null || this.run.recheck()) {
			batchLimit = judgement.batchLimit(capabilities.readLimit(), batchLimit);
		}
		return new BulkDeleteItemWriter(new BulkDelete(deleter, work, doubtful), reading, work, doubtful, batchLimit,
				store.capabilities().can(StoreCapability.CONDITIONAL_DELETE), this.run.maxAge(),
				this.run.retry().deletesFor(), this.run.stop(), this.run.clock());
	}

	/** By the step's name: its context comes back empty after some deaths. */
	private LedgerRange rangeOf(StepExecution stepExecution) {
		String name = stepExecution.getStepName();
		return this.run.ledger()
			.ranges(this.run.fence().run())
			.stream()
			.filter((range) -> name.equals(NAME + ":" + range.name()))
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("step " + name + " has no range in the ledger"));
	}

	/** A range is completed only if the ledger says that it is done. */
	private record DoneOrNotCompleted(RangeWork work, StopSignal stop) implements StepExecutionListener {

		@Override
		public ExitStatus afterStep(StepExecution stepExecution) {
			String quota = Failures.quotaExhausted(stepExecution);
			if (quota != null) {
				this.stop.request(quota);
				stepExecution.setStatus(BatchStatus.STOPPED);
				return ExitStatus.STOPPED;
			}
			if (stepExecution.getStatus() != BatchStatus.COMPLETED || this.work.saved().done()) {
				return stepExecution.getExitStatus();
			}
			if (this.stop.isRequested()) {
				stepExecution.setStatus(BatchStatus.STOPPED);
				return ExitStatus.STOPPED;
			}
			stepExecution.setStatus(BatchStatus.FAILED);
			stepExecution.addFailureException(new IllegalStateException("the range was not read to its end"));
			return ExitStatus.FAILED;
		}

	}

}
