package io.kvpurge.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

import io.kvpurge.ledger.CallCounts;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunState;
import io.kvpurge.ledger.StepTime;
import io.kvpurge.report.RunReport;

/**
 * The numbers of a run at its end, from the ledger: gauges, as a process that ends has
 * nothing to count on. Nothing is measured while entries are dealt with.
 */
public final class RunMetrics {

	private final RunReport report;

	private final long pauses;

	private final Map<String, Duration> steps = new TreeMap<>();

	private final @Nullable Instant completedAt;

	private final Tags tags;

	/**
	 * @param report what the run did
	 * @param ledger where it stands
	 * @param pauses how often the store asked this attempt to wait
	 */
	public RunMetrics(RunReport report, DeletionLedger ledger, long pauses) {
		PurgeRun run = report.run();
		this.report = report;
		this.pauses = pauses;
		this.tags = Tags.of("definition", run.identity().definition(), "store", run.identity().store(), "mode", mode());
		for (StepTime step : ledger.steps(run.id())) {
			Instant endedAt = step.endedAt();
			if (endedAt != null && !endedAt.isBefore(step.startedAt())) {
				this.steps.merge(name(step), Duration.between(step.startedAt(), endedAt), Duration::plus);
			}
		}
		this.completedAt = ledger.runs(run.identity().definition())
			.stream()
			.filter((other) -> other.state() == RunState.COMPLETED && other.identity().mode() == run.identity().mode())
			.map(PurgeRun::endedAt)
			.findFirst()
			.orElse(null);
	}

	private static String name(StepTime step) {
		int colon = step.name().indexOf(':');
		return (colon < 0) ? step.name() : step.name().substring(0, colon);
	}

	/** What the run does, as a word. */
	String mode() {
		return this.report.run().identity().mode().name().toLowerCase(Locale.ROOT);
	}

	String definition() {
		return this.report.run().identity().definition();
	}

	void registerIn(MeterRegistry registry) {
		EntryCounts counts = this.report.counts();
		keys(registry, "listed", counts.listed());
		keys(registry, "unmatched", counts.unmatched());
		keys(registry, "held", counts.held());
		keys(registry, "undecided", counts.undecided());
		keys(registry, "matched", counts.matched());
		if (!this.report.isPlan()) {
			boolean restores = this.report.restored() != null;
			keys(registry, restores ? "restored" : "deleted", counts.deleted());
			keys(registry, restores ? "expired" : "vanished", this.report.vanished());
			keys(registry, restores ? "existing" : "spared", this.report.spared());
			keys(registry, "refused", counts.refused());
		}
		CallCounts calls = this.report.totals().calls();
		calls(registry, "list", calls.list());
		calls(registry, "delete", calls.delete());
		calls(registry, "other", calls.other());
		gauge(registry, "kvpurge.run.calls.retried", "How many of all calls repeated a failed one", Tags.empty(),
				calls.retried());
		gauge(registry, "kvpurge.run.pauses", "How often the store asked the last attempt to wait", Tags.empty(),
				this.pauses);
		gauge(registry, "kvpurge.run.attempts", "Launches of the run", Tags.empty(), this.report.run().attempts());
		gauge(registry, "kvpurge.run.duration.seconds", "From the first launch to the end", Tags.empty(),
				this.report.duration().toMillis() / 1000.0);
		this.steps.forEach((step, time) -> gauge(registry, "kvpurge.run.step.seconds",
				"Time of the run's steps, ranges added up", Tags.of("step", step), time.toMillis() / 1000.0));
		for (RunState state : RunState.values()) {
			// Each of them, so that an alert sees one go to 0 and not away.
			gauge(registry, "kvpurge.run.state", "1 for the state in which the run ended",
					Tags.of("state", state.name().toLowerCase(Locale.ROOT)),
					(state == this.report.run().state()) ? 1 : 0);
		}
		gauge(registry, "kvpurge.run.exit.status", "The exit status of the run, see the documentation", Tags.empty(),
				this.report.exitCode().status());
		gauge(registry, "kvpurge.run.start.timestamp.seconds", "When the run was begun", Tags.empty(),
				seconds(this.report.run().startedAt()));
		gauge(registry, "kvpurge.run.end.timestamp.seconds", "When the run ended", Tags.empty(),
				seconds(this.report.run().endedAt()));
		if (this.completedAt != null) {
			gauge(registry, "kvpurge.run.completed.timestamp.seconds",
					"When a run of this definition and mode was completed last", Tags.empty(),
					seconds(this.completedAt));
		}
	}

	private static double seconds(@Nullable Instant instant) {
		return (instant != null) ? instant.toEpochMilli() / 1000.0 : Double.NaN;
	}

	/** A number that a store cannot know is left out. */
	private void keys(MeterRegistry registry, String outcome, @Nullable Long count) {
		if (count != null) {
			gauge(registry, "kvpurge.run.keys", "Keys of the run, by what became of them", Tags.of("outcome", outcome),
					count);
		}
	}

	private void calls(MeterRegistry registry, String kind, long count) {
		gauge(registry, "kvpurge.run.calls", "Calls to the store", Tags.of("kind", kind), count);
	}

	private void gauge(MeterRegistry registry, String name, String description, Tags more, long value) {
		gauge(registry, name, description, more, (double) value);
	}

	private void gauge(MeterRegistry registry, String name, String description, Tags more, double value) {
		Gauge.builder(name, () -> value).description(description).tags(this.tags.and(more)).register(registry);
	}

}
