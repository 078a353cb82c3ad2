package io.kvpurge.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;

import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunIdentity;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.RunReport;
import io.kvpurge.report.Usual;

/** How a run compares with the earlier ones that deleted by the same parameters. */
final class Trend {

	/** The earlier ones that are looked at. */
	private static final int LENGTH = 7;

	private final PurgeRun run;

	private final EntryCounts counts;

	/** The newest first. */
	private final List<Earlier> earlier;

	private Trend(PurgeRun run, EntryCounts counts, List<Earlier> earlier) {
		this.run = run;
		this.counts = counts;
		this.earlier = earlier;
	}

	/** Of a run that deletes; of any other there is none to tell of. */
	static Trend of(DeletionLedger ledger, RunReport report) {
		PurgeRun run = report.run();
		List<Earlier> earlier = ledger.runs(run.id().definition())
			.stream()
			.filter((other) -> other.id().number() < run.id().number() && isLike(other, run))
			.limit(LENGTH)
			.map((other) -> new Earlier(other, ledger.totals(other.id()).counts()))
			.toList();
		return new Trend(run, report.counts(), earlier);
	}

	private static boolean isLike(PurgeRun other, PurgeRun run) {
		RunIdentity identity = run.identity();
		return identity.mode().deletes() && other.identity().mode().deletes()
				&& other.identity().parameters().equals(identity.parameters());
	}

	/**
	 * What is worth saying: of a completed run, how much it deleted beside what is usual;
	 * of any other, since when there was none that completed. Empty if nothing is.
	 */
	String text(Instant now) {
		if (!this.run.identity().mode().deletes()) {
			return "";
		}
		return (this.run.state() == RunState.COMPLETED) ? usual() : lastCompleted(now);
	}

	private String usual() {
		Long usual = Usual.of(this.earlier.stream()
			.filter((other) -> other.run().state() == RunState.COMPLETED)
			.map((other) -> other.counts().deleted()));
		return (usual != null) ? "; usually %,d".formatted(usual) + change(usual) : "";
	}

	private String change(long usual) {
		long percent = (usual > 0) ? Math.round(100.0 * (this.counts.deleted() - usual) / usual) : 0;
		return (percent != 0) ? " (%+d %%)".formatted(percent) : "";
	}

	private String lastCompleted(Instant now) {
		return this.earlier.stream()
			.map(Earlier::run)
			.filter((other) -> other.state() == RunState.COMPLETED)
			.findFirst()
			.map((other) -> "; last completed: " + other.id() + ", "
					+ AgeText.of(Objects.requireNonNullElse(other.endedAt(), other.startedAt()), now) + " ago")
			.orElse("");
	}

	/** Adds the earlier runs, the newest first. */
	void putInto(ArrayNode json) {
		for (Earlier other : this.earlier) {
			json.addObject()
				.put("run", other.run().id().toString())
				.put("status", other.run().state().name())
				.put("started", other.run().startedAt().toString())
				.put("seconds", other.seconds())
				.put("listed", other.counts().listed())
				.put("matched", other.counts().matched())
				.put("deleted", other.counts().deleted());
		}
	}

	/**
	 * An earlier run.
	 *
	 * @param run the run
	 * @param counts what it did
	 */
	private record Earlier(PurgeRun run, EntryCounts counts) {

		private @Nullable Long seconds() {
			Instant end = this.run.endedAt();
			return (end != null) ? Duration.between(this.run.startedAt(), end).toSeconds() : null;
		}

	}

}
