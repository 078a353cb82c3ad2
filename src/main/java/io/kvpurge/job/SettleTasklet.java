package io.kvpurge.job;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.RunId;
import io.kvpurge.store.resilient.CallMeter;

/**
 * Settles what earlier attempts left in doubt, in all ranges, before any of them deletes.
 * Keys in doubt count as deleted: a range that met the limit for their sake would end the
 * run, each time before the range that has them could look.
 */
final class SettleTasklet implements Tasklet {

	private final RunSetup run;

	SettleTasklet(RunSetup run) {
		this.run = run;
	}

	@Override
	public @Nullable RepeatStatus execute(StepContribution contribution, ChunkContext chunkContext) {
		DeletionLedger ledger = this.run.ledger();
		RunId id = this.run.fence().run();
		// Who has waited once has waited for all: nothing is sent meanwhile.
		Duration delay = this.run.settleDelay();
		for (LedgerRange range : ledger.ranges(id)) {
			if (!ledger.unsettled(id, range.number()).isEmpty() && !this.run.stop().isRequested()) {
				settle(range, delay);
				delay = Duration.ZERO;
			}
		}
		return RepeatStatus.FINISHED;
	}

	private void settle(LedgerRange range, Duration delay) {
		CallMeter meter = new CallMeter();
		RangeWork work = new RangeWork(this.run.ledger(), this.run.fence(), range, meter, this.run.clock());
		if (this.run.findsFirst()) {
			work.judgedBefore();
		}
		this.run.doubtfulDeletes(this.run.paced(meter), delay).settle(work);
	}

}
