package io.kvpurge.job;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.Usual;
import io.kvpurge.store.TransientStoreException;
import io.kvpurge.store.resilient.CallMeter;

/**
 * Verifies, if the definition asks for it, and seals a run whose ranges are all done and
 * whose books balance; fails any other.
 */
final class SealTasklet implements Tasklet {

	private final RunSetup run;

	SealTasklet(RunSetup run) {
		this.run = run;
	}

	@Override
	public @Nullable RepeatStatus execute(StepContribution contribution, ChunkContext chunkContext) {
		List<LedgerRange> ranges = this.run.ledger().ranges(this.run.fence().run());
		ranges.forEach(this::check);
		EntryCounts counts = ranges.stream()
			.map((range) -> range.progress().counts())
			.reduce(EntryCounts.ZERO, EntryCounts::plus);
		if (this.run.mode() == RunMode.PLAN) {
			this.run.ledger().forecast(this.run.fence(), new Forecasting(this.run).forecast(ranges));
		}
		String reason = reason(counts) + visited() + growth() + verified();
		// Nothing is sent any more, and a sealed run is nobody's.
		this.run.ownership().end();
		this.run.ledger().seal(this.run.fence(), RunState.COMPLETED, reason);
		return RepeatStatus.FINISHED;
	}

	private void check(LedgerRange range) {
		if (!range.progress().done()) {
			throw new IllegalStateException(range.name() + " is not done");
		}
		if (!this.run.ledger().unsettled(range.run(), range.number()).isEmpty()) {
			throw new IllegalStateException(range.name() + " has a call that is not settled");
		}
		EntryCounts counts = range.progress().counts();
		boolean balanced = counts.judgedBalance() && (this.run.mode() == RunMode.PLAN || counts.deletedBalance());
		if (!balanced) {
			throw new IllegalStateException("the ledger does not balance in " + range.name() + ": " + counts);
		}
	}

	/** What was not judged has not passed either. */
	private String growth() {
		boolean unjudged = this.run.mode() == RunMode.PURGE && this.run.limits().maxGrowth() != null
				&& JudgeTasklet.usual(this.run.ledger(), this.run.identity()) == null;
		return unjudged
				? "; limits.max-growth was not judged: there are fewer than " + Usual.RUNS + " runs to compare with"
				: "";
	}

	/** Where a person divided the prefixes, other keys under them were not looked at. */
	private String visited() {
		String splitBy = (this.run.restore() == null) ? this.run.definition().definition().splitBy() : null;
		return (splitBy != null) ? "; of the keys under a prefix, only those were visited that go on with one of '"
				+ splitBy + "' (split-by)" : "";
	}

	/**
	 * Looks whether what was deleted is gone, once the last delete has taken effect: in
	 * this step, so that what was found cannot be lost between two of them.
	 */
	private String verified() {
		if (!this.run.definition().definition().verify() || !this.run.mode().deletes()) {
			return "";
		}
		try {
			this.run.stop().await(this.run.settleDelay());
		}
		catch (InterruptedException ex) {
			throw new TransientStoreException("stopped while waiting for deletes to take effect", ex, null);
		}
		return "; verified: " + new GoneCheck(this.run.ledger(), this.run.paced(new CallMeter()), this.run.stop())
			.check(this.run.fence().run())
			.sentence();
	}

	private static String restored(EntryCounts counts) {
		if (counts.matched() == 0) {
			return "nothing to restore";
		}
		return ((counts.deleted() == counts.matched()) ? "restored" : "restored in part")
				+ ((counts.spared() > 0) ? "; %,d keys are there again, and were left".formatted(counts.spared()) : "")
				+ ((counts.vanished() > 0) ? "; %,d have expired".formatted(counts.vanished()) : "")
				+ ((counts.refused() > 0)
						? "; %,d could not be restored ('audit --format csv' says why)".formatted(counts.refused())
						: "");
	}

	private String reason(EntryCounts counts) {
		if (this.run.mode() == RunMode.RESTORE) {
			return restored(counts);
		}
		if (counts.matched() == 0) {
			return "nothing matched";
		}
		if (this.run.mode() == RunMode.PLAN) {
			return "planned only: nothing was deleted";
		}
		if (this.run.mode() == RunMode.APPLY && counts.spared() + counts.vanished() > 0) {
			return "done; of what was planned, %,d keys changed and %,d vanished since".formatted(counts.spared(),
					counts.vanished()) + ((counts.refused() > 0) ? ", and the store refused to delete some" : "");
		}
		return (counts.refused() == 0) ? "done" : "done, but the store refused to delete some keys";
	}

}
