package io.kvpurge.job;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.RunId;
import io.kvpurge.store.KeyLister;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.resilient.CallMeter;

/** Splits the keys into ranges, once in the life of a run. */
final class SplitTasklet implements Tasklet {

	private final RunSetup run;

	SplitTasklet(RunSetup run) {
		this.run = run;
	}

	@Override
	public @Nullable RepeatStatus execute(StepContribution contribution, ChunkContext chunkContext) {
		if (this.run.ledger().ranges(this.run.fence().run()).isEmpty()) {
			this.run.ledger().findFirst(this.run.fence(), this.run.findsFirst());
			this.run.ledger().saveRanges(this.run.fence(), ranges());
		}
		return RepeatStatus.FINISHED;
	}

	private List<KeyRange> ranges() {
		RunId other = this.run.rangesOf();
		if (other != null) {
			return this.run.ledger().ranges(other).stream().map(LedgerRange::bounds).toList();
		}
		if (this.run.given() != null) {
			return this.run.given().split(this.run.partitions());
		}
		KeyLister store = this.run.paced(new CallMeter());
		return store.split(this.run.prefixes(), this.run.partitions());
	}

}
