package io.kvpurge.job;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunIdentity;
import io.kvpurge.ledger.RunState;

/**
 * Judges what a run has found, by the limits of its definition as they are now, before
 * anything is deleted: lets it delete, or ends it.
 */
final class JudgeTasklet implements Tasklet {

	/** With fewer runs to compare with, growth is not judged. */
	static final int RUNS_TO_COMPARE = 3;

	private final RunSetup run;

	JudgeTasklet(RunSetup run) {
		this.run = run;
	}

	@Override
	public @Nullable RepeatStatus execute(StepContribution contribution, ChunkContext chunkContext) {
		String problem = problem(this.run.ledger().totals(this.run.fence().run()).counts());
		if (problem != null) {
			this.run.stop()
				.request(RunState.BLOCKED, problem + "; nothing was deleted: raise it and launch again to carry on");
			contribution.getStepExecution().setTerminateOnly();
			return RepeatStatus.FINISHED;
		}
		this.run.ledger().beginDeleting(this.run.fence());
		return RepeatStatus.FINISHED;
	}

	private @Nullable String problem(EntryCounts counts) {
		Double fraction = this.run.limits().maxFraction();
		if (fraction != null && counts.matched() > fraction * counts.listed()) {
			return "limits.max-fraction (%s): %,d of %,d listed keys match (%.1f %%)".formatted(text(fraction),
					counts.matched(), counts.listed(), 100.0 * counts.matched() / counts.listed());
		}
		Double growth = this.run.limits().maxGrowth();
		Long usual = (growth != null) ? usual(this.run.ledger(), this.run.identity()) : null;
		if (growth != null && usual != null && counts.matched() > growth * usual) {
			return "limits.max-growth (%s): %,d keys match, where %,d are usual".formatted(text(growth),
					counts.matched(), usual);
		}
		return null;
	}

	/**
	 * How many keys matched in the middle one of the earlier runs like this one, null if
	 * there are too few to tell.
	 */
	static @Nullable Long usual(DeletionLedger ledger, RunIdentity identity) {
		List<Long> matched = ledger.runs(identity.definition())
			.stream()
			.filter((earlier) -> isLike(earlier, identity))
			.map((earlier) -> ledger.totals(earlier.id()).counts().matched())
			.sorted()
			.toList();
		return (matched.size() >= RUNS_TO_COMPARE) ? matched.get(matched.size() / 2) : null;
	}

	private static boolean isLike(PurgeRun earlier, RunIdentity identity) {
		RunIdentity other = earlier.identity();
		return earlier.state() == RunState.COMPLETED && other.mode().deletes()
				&& other.parameters().equals(identity.parameters()) && other.store().equals(identity.store());
	}

	/** As it is written in a definition. */
	private static String text(double number) {
		return (number == Math.rint(number)) ? Long.toString((long) number) : Double.toString(number);
	}

}
