package io.kvpurge.job;

import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

import io.kvpurge.definition.Limits;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunIdentity;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.Usual;

/**
 * Judges what a run has found, by the limits of its definition as they are now, before
 * anything is deleted: lets it delete, or ends it.
 */
final class JudgeTasklet implements Tasklet {

	private static final String RAISE = "; nothing was deleted: raise it and launch again to carry on";

	private final RunSetup run;

	JudgeTasklet(RunSetup run) {
		this.run = run;
	}

	@Override
	public @Nullable RepeatStatus execute(StepContribution contribution, ChunkContext chunkContext) {
		String problem = problem(this.run.ledger().totals(this.run.fence().run()).counts());
		if (problem != null) {
			this.run.stop().request(RunState.BLOCKED, problem);
			contribution.getStepExecution().setTerminateOnly();
			return RepeatStatus.FINISHED;
		}
		this.run.ledger().beginDeleting(this.run.fence());
		return RepeatStatus.FINISHED;
	}

	private @Nullable String problem(EntryCounts counts) {
		String problem = fraction(counts);
		if (problem == null) {
			problem = growth(counts);
		}
		return (problem != null) ? problem : shrink(counts);
	}

	private @Nullable String fraction(EntryCounts counts) {
		double fraction = this.run.limits().fractionOf(counts.listed());
		return (counts.matched() <= fraction * counts.listed()) ? null
				: ("limits.max-fraction (%s): %,d of %,d listed keys match (%.1f %%)" + RAISE).formatted(text(fraction),
						counts.matched(), counts.listed(), 100.0 * counts.matched() / counts.listed());
	}

	private @Nullable String growth(EntryCounts counts) {
		Double growth = this.run.limits().maxGrowth();
		Long usual = (growth != null) ? usual(this.run.ledger(), this.run.identity()) : null;
		return (growth == null || usual == null || counts.matched() <= growth * usual) ? null
				: ("limits.max-growth (%s): %,d keys match, where %,d are usual" + RAISE).formatted(text(growth),
						counts.matched(), usual);
	}

	/** Named keys are as many as somebody names. */
	private @Nullable String shrink(EntryCounts counts) {
		double shrink = this.run.limits().shrink();
		Long usual = (this.run.given() == null && shrink < 1)
				? usual(this.run.ledger(), this.run.identity(), EntryCounts::listed) : null;
		return (usual == null || usual <= Limits.FEW || counts.listed() >= (1 - shrink) * usual) ? null
				: ("limits.max-shrink (%s): %s listed, where %,d are usual; nothing was deleted: launch with --new to list"
						+ " again, or raise it and launch again to carry on")
					.formatted(text(shrink),
							(counts.listed() == 0) ? "nothing is" : "only %,d keys are".formatted(counts.listed()),
							usual);
	}

	/**
	 * How many keys matched in the middle one of the earlier runs like this one, null if
	 * there are too few to tell.
	 */
	static @Nullable Long usual(DeletionLedger ledger, RunIdentity identity) {
		return usual(ledger, identity, EntryCounts::matched);
	}

	private static @Nullable Long usual(DeletionLedger ledger, RunIdentity identity,
			Function<EntryCounts, Long> count) {
		return Usual.of(ledger.runs(identity.definition())
			.stream()
			.filter((earlier) -> isLike(earlier, identity))
			.map((earlier) -> count.apply(ledger.totals(earlier.id()).counts())));
	}

	private static boolean isLike(PurgeRun earlier, RunIdentity identity) {
		return earlier.state() == RunState.COMPLETED && earlier.identity().mode().deletes()
				&& earlier.identity().concernsSameAs(identity);
	}

	/** As it is written in a definition. */
	private static String text(double number) {
		return (number == Math.rint(number)) ? Long.toString((long) number) : Double.toString(number);
	}

}
