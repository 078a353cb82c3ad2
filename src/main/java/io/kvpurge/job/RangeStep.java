package io.kvpurge.job;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
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
import io.kvpurge.given.GivenKeys;
import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.LimitReachedException;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.store.KeyLister;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.resilient.CallMeter;
import io.kvpurge.store.resilient.KeyPace;
import io.kvpurge.store.resilient.ResilientKeyValueStore;

/**
 * The step of one range. For each execution it builds a chunk-oriented step of its own,
 * whose reader, processor and writer nobody else sees: what other designs keep apart by
 * scopes and locks is apart here because it is never shared.
 */
final class RangeStep implements Step {

	/** What the steps that delete are called, each with its range behind it. */
	static final String NAME = "range";

	/** What those are called that only find. */
	static final String FINDING = "find";

	private final String name;

	private final RunSetup run;

	private final JobRepository jobRepository;

	private final PageBudget budget;

	private final Executor prefetcher;

	private final Executor callSender;

	private final StepExecutionListener end;

	/**
	 * @param name {@link #NAME} or {@link #FINDING}
	 * @param prefetcher lists ahead
	 * @param callSender sends bulk calls
	 */
	RangeStep(String name, RunSetup run, JobRepository jobRepository, PageBudget budget, Executor prefetcher,
			Executor callSender) {
		this(name, run, jobRepository, budget, prefetcher, callSender, new StepExecutionListener() {
		});
	}

	/**
	 * As the other constructor.
	 * @param end has the last word on how an execution ends
	 */
	RangeStep(String name, RunSetup run, JobRepository jobRepository, PageBudget budget, Executor prefetcher,
			Executor callSender, StepExecutionListener end) {
		this.end = end;
		this.name = name;
		this.run = run;
		this.jobRepository = jobRepository;
		this.budget = budget;
		this.prefetcher = prefetcher;
		this.callSender = callSender;
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public void execute(StepExecution stepExecution) throws JobInterruptedException {
		CallMeter meter = new CallMeter();
		List<LedgerRange> all = this.run.ledger().ranges(this.run.fence().run());
		LedgerRange range = rangeOf(stepExecution, all);
		RangeWork work = new RangeWork(this.run.ledger(), this.run.fence(), range, meter, this.run.clock());
		LogLabels labels = LogLabels.range(range.name());
		try (CountedKeys counted = counted(range)) {
			if (counted != null) {
				work.countOnce(counted, isFinding() || this.run.mode() == RunMode.PLAN);
			}
			build(stepExecution.getStepName(), work, range, all, meter).execute(stepExecution);
		}
		finally {
			labels.remove();
		}
	}

	/** Where a listing may show again what it has shown, it is remembered. */
	private @Nullable CountedKeys counted(LedgerRange range) {
		boolean lists = this.run.given() == null && this.run.restore() == null
				&& (isFinding() || this.run.spool() == null);
		return (lists && !range.progress().done() && !this.run.store().capabilities().can(StoreCapability.RESUMABLE))
				? CountedKeys.open(this.run.counted().range(range.number())) : null;
	}

	private Step build(String name, RangeWork work, LedgerRange range, List<LedgerRange> all, CallMeter meter) {
		ResilientKeyValueStore store = this.run.paced(meter);
		StoreCapabilities capabilities = store.capabilities();
		boolean comparing = capabilities.can(StoreCapability.CONDITIONAL_DELETE);
		RunId plan = isFinding() ? null : this.run.spool();
		RestoreSource restore = this.run.restore();
		if (!comparing || plan != null || restore != null) {
			// A listing that lags shows what is gone, and the ledger names it for ever.
			work.rememberDone();
		}
		if (plan != null && this.run.findsFirst()) {
			work.judgedBefore();
		}
		if (restore != null) {
			DeletedEntries deleted = new DeletedEntries(this.run.ledger(), restore, range.number());
			return step(name, deleted, false, work, new FilterItemProcessor(this.run.filter(), work, false),
					(reading) -> restoring(restore, deleted, reading, work, store));
		}
		KeyLister lister = (plan != null) ? new PlannedKeys(this.run.ledger(), plan, range.number())
				: lister(range, all, store);
		EntryProcessor processor = (plan != null) ? new PlannedItemProcessor(work, this.run.findsFirst())
				: new FilterItemProcessor(this.run.filter(), work, comparing);
		boolean ordered = plan == null && (lister != store || capabilities.can(StoreCapability.ORDERED));
		return step(name, lister, ordered, work, processor, (reading) -> writer(reading, work, store));
	}

	private KeyLister lister(LedgerRange range, List<LedgerRange> all, ResilientKeyValueStore store) {
		GivenKeys given = this.run.given();
		return (given == null) ? store
				: given.listing(all.stream().map(LedgerRange::bounds).toList(), range.number() - 1, store);
	}

	private Step step(String name, KeyLister lister, boolean ordered, RangeWork work, EntryProcessor processor,
			Function<RangeReading, ItemStreamWriter<MatchedEntry>> writer) {
		PageFetcher pages = new PageFetcher(lister, work.bounds(), this.budget, ordered, this.prefetcher,
				this.run.stop(), this.run.clock());
		KeyListingItemReader reader = new KeyListingItemReader(pages, work, this.run.stop());
		return new ChunkOrientedStepBuilder<ListedEntry, MatchedEntry>(name, this.jobRepository,
				this.budget.chunkSize())
			.transactionManager(NoTransactions.MANAGER)
			.reader(reader)
			.processor(processor)
			.writer(writer.apply(new RangeReading(reader, processor)))
			.interruptionPolicy(new StopInterruptionPolicy(this.run.stop()))
			// Those that were named first are asked last.
			.listener(this.end)
			.listener((StepExecutionListener) new DoneOrNotCompleted(work, this.run.stop()))
			.build();
	}

	private ItemStreamWriter<MatchedEntry> writer(RangeReading reading, RangeWork work, ResilientKeyValueStore store) {
		Set<String> fields = this.run.definition().definition().where().metadataFields();
		if (isFinding() || this.run.mode() == RunMode.PLAN) {
			work.tallyMatching(fields);
			return new PlanItemWriter(reading, work);
		}
		if (this.run.spool() == null) {
			work.tallyDeleted(fields);
		}
		DoubtfulCalls doubtful = this.run.doubtfulDeletes(store, this.run.settleDelay());
		BatchSender deleter = (call, entries, within) -> store
			.delete(entries.stream().map(MatchedEntry::entry).toList(), within);
		int batchLimit = batchLimit();
		StoreCapabilities capabilities = store.capabilities();
		SecondJudgement judgement = new SecondJudgement(this.run.filter(),
				capabilities.can(StoreCapability.CONDITIONAL_DELETE), this.run.maxAge());
		RunBackup backup = this.run.backup();
		if (backup != null) {
			deleter = new SavedDelete(store, capabilities.readLimit(), backup, work.number(), judgement, deleter);
			batchLimit = Math.min(batchLimit, SecondJudgement.batchLimit(capabilities));
		}
		else if (this.run.recheck()) {
			int listingOn = listingOn(work, capabilities);
			deleter = new RecheckedDelete(
					(listingOn > 0) ? new ListingOn(store, work.bounds(), this.budget.pageSize())::find : store::find,
					judgement, deleter);
			batchLimit = Math.min(batchLimit, (listingOn > 0) ? listingOn : SecondJudgement.batchLimit(capabilities));
		}
		return new BulkCallItemWriter(
				new BulkCall(deleter, CallOutcomes.DELETING, work, doubtful, this.run.limits().maxDeletes(),
						this.callSender),
				reading, work, doubtful, batchLimit, store.capabilities().can(StoreCapability.CONDITIONAL_DELETE),
				this.run.maxAge(), this.run.retry().deletesFor(), this.run.stop(), this.run.clock());
	}

	/** At a slow pace a call is small, and what it names is not old when it goes. */
	private int batchLimit() {
		return KeyPace.callLimit(this.budget.batchLimit(), this.run.limits().keysPerSecond());
	}

	/** How many keys are found together by listing on to them; 0 if they are read. */
	private int listingOn(RangeWork work, StoreCapabilities capabilities) {
		return (this.run.findsFirst() && this.run.given() == null)
				? ListingOn.batchLimit(work.saved().counts(), this.budget.pageSize(), capabilities) : 0;
	}

	private ItemStreamWriter<MatchedEntry> restoring(RestoreSource source, DeletedEntries deleted, RangeReading reading,
			RangeWork work, ResilientKeyValueStore store) {
		DoubtfulCalls doubtful = new DoubtfulCalls(new LookingForRestored(source, deleted, store),
				this.run.settleDelay(), this.run.stop());
		Restoring sender = new Restoring(source, deleted, work.number(),
				source.overwrite() ? Restoring.replacing(store) : store::add, store.capabilities().bulkLimit(),
				this.run.store().terms().shortestLife(), this.run.clock());
		// What is saved does not grow old.
		return new BulkCallItemWriter(
				new BulkCall(sender, CallOutcomes.RESTORING, work, doubtful, null, this.callSender), reading, work,
				doubtful, batchLimit(), true, this.run.maxAge(), this.run.retry().deletesFor(), this.run.stop(),
				this.run.clock());
	}

	private boolean isFinding() {
		return this.name.equals(FINDING);
	}

	/** By the step's name: its context comes back empty after some deaths. */
	private LedgerRange rangeOf(StepExecution stepExecution, List<LedgerRange> all) {
		String name = stepExecution.getStepName();
		return all.stream()
			.filter((range) -> name.equals(this.name + ":" + range.name()))
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("step " + name + " has no range in the ledger"));
	}

	/** A range is completed only if the ledger says that it is done. */
	private record DoneOrNotCompleted(RangeWork work, StopSignal stop) implements StepExecutionListener {

		@Override
		public ExitStatus afterStep(StepExecution stepExecution) {
			LimitReachedException limit = Failures.limitReached(stepExecution);
			if (limit != null) {
				this.stop.request(RunState.BLOCKED, reached(limit));
				stepExecution.setStatus(BatchStatus.STOPPED);
				return ExitStatus.STOPPED;
			}
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

		private static String reached(LimitReachedException limit) {
			return "limits.max-deletes (%d) is reached, and more keys match: raise it and launch again to carry on"
				.formatted(limit.limit());
		}

	}

}
