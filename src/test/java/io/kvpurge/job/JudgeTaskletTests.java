package io.kvpurge.job;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.scope.context.StepContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.StepExecution;

import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.given.GivenKeys;
import io.kvpurge.given.KeyFile;
import io.kvpurge.ledger.CallCounts;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.RangeProgress;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.ledger.RunIdentity;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.ledger.RunStage;
import io.kvpurge.ledger.RunState;
import io.kvpurge.store.Guarantee;
import io.kvpurge.store.ListingPosition;

import static org.assertj.core.api.Assertions.assertThat;

/** Whether what was found may be deleted. */
class JudgeTaskletTests {

	private static final AtomicInteger NUMBER = new AtomicInteger();

	private static final String NOT_DONE = "; nothing was deleted: raise it and launch again to carry on";

	private final RangeTester range = new RangeTester();

	private final DeletionLedger ledger = this.range.ledger;

	/** Runs of other parameters are not compared with. */
	private final String parameters = "{\"n\":\"" + NUMBER.incrementAndGet() + "\"}";

	private @Nullable GivenKeys given;

	private RunIdentity identity(RunMode mode, String store) {
		return new RunIdentity("cache", "digest", this.parameters, store, mode, Instant.EPOCH);
	}

	private RunFence found(RunIdentity identity, long listed, long matched) {
		RunFence fence = this.ledger.begin(identity, "name: cache", Guarantee.COMPARE_AND_DELETE, true,
				new RunOrigin("jane", "host", 1, "test"), null);
		this.ledger.findFirst(fence, true);
		this.ledger.saveRanges(fence, List.of(RangeTester.ALL));
		this.ledger.save(fence, 1, new RangeProgress(ListingPosition.START,
				new EntryCounts(listed, listed - matched, 0, 0, matched, 0, 0, 0, 0), CallCounts.ZERO, Map.of(), true));
		return fence;
	}

	private void earlier(RunMode mode, String store, long listed, long matched) {
		this.ledger.seal(found(identity(mode, store), listed, matched), RunState.COMPLETED, "done");
	}

	private void earlier(long listed, long matched) {
		earlier(RunMode.PURGE, "memory:test", listed, matched);
	}

	/** Why nothing may be deleted; null if it may. */
	private @Nullable String judge(String limits, long listed, long matched) {
		RunIdentity identity = identity(RunMode.PURGE, "memory:test");
		RunFence fence = found(identity, listed, matched);
		StopSignal stop = new StopSignal();
		RunSetup run = new RunSetup(fence, identity,
				new DefinitionReader()
					.read(PurgeTester.guarded("[\"\"]", "metadata.n == 1", 1) + "limits: {" + limits + "}\n", "test")
					.bind(Map.of()),
				null, null, this.ledger, Duration.ZERO, Duration.ZERO, null, null, true, true, null, stop,
				this.range.clock, null, null, this.given, null, null);
		StepExecution step = new StepExecution(1, "judge",
				new JobExecution(1, new JobInstance(1, "purge"), new JobParameters()));
		new JudgeTasklet(run).execute(new StepContribution(step), new ChunkContext(new StepContext(step)));
		boolean mayDelete = this.ledger.find(fence.run()).stage() == RunStage.DELETING;
		assertThat(step.isTerminateOnly()).isNotEqualTo(mayDelete);
		assertThat(stop.state()).isEqualTo(mayDelete ? null : RunState.BLOCKED);
		assertThat(stop.reason() == null).isEqualTo(mayDelete);
		return stop.reason();
	}

	@Test
	void noLargerPartMayMatchThanIsSaid() {
		assertThat(judge("max-fraction: 0.3", 1000, 300)).isNull();
		assertThat(judge("max-fraction: 0.3", 1000, 301))
			.isEqualTo("limits.max-fraction (0.3): 301 of 1,000 listed keys match (30.1 %)" + NOT_DONE);
		assertThat(judge("max-fraction: 0.001", 999, 1)).startsWith("limits.max-fraction (0.001): 1 of 999 ");
		assertThat(judge("max-fraction: 1, max-growth: 2", 1000, 1000)).isNull();
	}

	@Test
	void halfOfManyMayMatchIfNothingIsSaid() {
		assertThat(judge("max-deletes: 5000", 1000, 1000)).isNull();
		assertThat(judge("max-deletes: 5000", 1001, 500)).isNull();
		assertThat(judge("max-deletes: 5000", 1001, 501)).startsWith("limits.max-fraction (0.5): 501 of 1,001");
	}

	@Test
	void noMoreMayMatchThanTimesTheUsual() {
		String limits = "max-fraction: 1, max-growth: 2";
		earlier(2000, 100);
		earlier(2000, 10);
		assertThat(judge(limits, 2000, 1000)).as("two runs say nothing").isNull();
		earlier(2000, 50);
		assertThat(judge(limits, 2000, 100)).isNull();
		assertThat(judge(limits, 2000, 101))
			.isEqualTo("limits.max-growth (2): 101 keys match, where 50 are usual" + NOT_DONE);
		assertThat(judge("max-fraction: 1, max-growth: 2.5", 2000, 126)).startsWith("limits.max-growth (2.5): 126");
		assertThat(judge("max-fraction: 1", 2000, 2000)).as("nobody asked").isNull();
	}

	@Test
	void onlyCompletedRunsThatDeletedFromTheSameStoreSayWhatIsUsual() {
		earlier(2000, 1);
		earlier(2000, 1);
		earlier(RunMode.PLAN, "memory:test", 2000, 1);
		earlier(RunMode.PURGE, "memory:other", 2000, 1);
		this.ledger.seal(found(identity(RunMode.PURGE, "memory:test"), 2000, 1), RunState.SUPERSEDED, "given up");
		assertThat(judge("max-fraction: 1, max-growth: 2", 2000, 1000)).isNull();
		earlier(2000, 1);
		assertThat(judge("max-fraction: 1, max-growth: 2", 2000, 1000)).isNotNull();
	}

	@Test
	void aListingMayNotBeMuchShorterThanUsual() {
		for (int i = 0; i < 3; i++) {
			earlier(2000, 0);
		}
		assertThat(judge("max-fraction: 0.5", 200, 0)).isNull();
		assertThat(judge("max-fraction: 0.5", 199, 0)).isEqualTo("limits.max-shrink (0.9): only 199 keys are listed,"
				+ " where 2,000 are usual; nothing was deleted: launch with --new to list again, or raise it and launch"
				+ " again to carry on");
		assertThat(judge("max-fraction: 0.5", 0, 0)).startsWith("limits.max-shrink (0.9): nothing is listed, where");
		assertThat(judge("max-shrink: 0.5", 1000, 0)).isNull();
		assertThat(judge("max-shrink: 0.5", 999, 0)).startsWith("limits.max-shrink (0.5): only 999");
		assertThat(judge("max-shrink: 1", 0, 0)).isNull();
		this.given = new GivenKeys(KeyFile.of(KeyFile.STANDARD_INPUT, null, null), (digest) -> true, List.of(), () -> {
			throw new IOException("nobody sorts them");
		});
		assertThat(judge("max-fraction: 0.5", 1, 0)).as("named keys are as many as somebody names").isNull();
	}

	@Test
	void aFewThatAreListedAsUsualMayBeFewer() {
		for (int i = 0; i < 3; i++) {
			earlier(1000, 0);
		}
		assertThat(judge("max-fraction: 0.5", 1, 0)).isNull();
		assertThat(JudgeTasklet.usual(this.ledger, identity(RunMode.PURGE, "memory:test"))).isZero();
	}

}
