package io.kvpurge.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.ledger.CallCounts;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RestoreTerms;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.ledger.RunTotals;
import io.kvpurge.store.Guarantee;

/**
 * What a run did, from the ledger alone.
 *
 * @param run the run
 * @param totals the sums over its ranges
 * @param now when the report was made: until then a run that has not ended has lasted
 * @param plan what a plan found, null for any other run
 * @param errors why the latest attempt failed, one line each
 * @param saved what was saved, null if nothing was to be or nobody looked
 * @param throttled how long the latest attempt waited since the store was too slow, zero
 * where nobody looked
 */
public record RunReport(PurgeRun run, RunTotals totals, @Nullable PlanFindings plan, Instant now, List<String> errors,
		@Nullable SavedEntries saved, Duration throttled) {

	/** The version of the JSON form. */
	public static final int SCHEMA = 1;

	private static final JsonMapper JSON = JsonMapper.shared();

	public RunReport {
		errors = List.copyOf(errors);
	}

	/** Of a run as the ledger knows it now; nobody looked what it saved. */
	public static RunReport of(PurgeRun run, DeletionLedger ledger, Instant now, List<String> errors) {
		return of(run, ledger, now, errors, null, Duration.ZERO);
	}

	/** Of a run as the ledger knows it now. */
	public static RunReport of(PurgeRun run, DeletionLedger ledger, Instant now, List<String> errors,
			@Nullable SavedEntries saved, Duration throttled) {
		PlanFindings plan = (run.identity().mode() == RunMode.PLAN)
				? new PlanFindings(run, ledger.ranges(run.id()), ledger.findings(run.id())) : null;
		return new RunReport(run, ledger.totals(run.id()), plan, now, errors, saved, throttled);
	}

	public ExitCode exitCode() {
		return switch (this.run.state()) {
			case COMPLETED, SUPERSEDED -> (counts().refused() > 0) ? ExitCode.REFUSED : ExitCode.COMPLETED;
			case PAUSED -> ExitCode.COMPLETED;
			case STOPPED -> ExitCode.STOPPED;
			case BLOCKED -> ExitCode.GUARD;
			case RUNNING, FAILED -> ExitCode.FAILED;
		};
	}

	public EntryCounts counts() {
		return this.totals.counts();
	}

	/** What a run that puts back restores, null for any other. */
	public @Nullable RunId restored() {
		RestoreTerms restore = this.run.identity().restore();
		return (restore != null) ? new RunId(this.run.identity().definition(), restore.run()) : null;
	}

	public boolean isPlan() {
		return this.run.identity().mode() == RunMode.PLAN;
	}

	/** How many keys were gone before their delete, null if the store cannot tell. */
	public @Nullable Long vanished() {
		return this.run.tellsVanished() ? counts().vanished() : null;
	}

	/** How many keys were rewritten meanwhile, null if the store cannot tell. */
	public @Nullable Long spared() {
		return (this.run.guarantee() != Guarantee.LIST_THEN_DELETE) ? counts().spared() : null;
	}

	/** From the first launch to the end of the latest attempt. */
	public Duration duration() {
		Instant end = this.run.endedAt();
		return Duration.between(this.run.startedAt(),
				(this.run.state() == RunState.RUNNING || end == null) ? this.now : end);
	}

	/** Why it ended, or that it has not. */
	public String reason() {
		String reason = this.run.reason();
		return (reason != null) ? reason : "not ended";
	}

	/** The form for people: several lines. */
	public String toText() {
		EntryCounts counts = counts();
		CallCounts calls = this.totals.calls();
		StringBuilder text = new StringBuilder();
		text.append("%s %s after %.1f s: %s%n".formatted(this.run.id(), this.run.state(),
				duration().toMillis() / 1000.0, reason()));
		line(text, "store", this.run.identity().store() + " (" + this.run.guarantee() + ")");
		line(text, "listed", counts.listed());
		line(text, "unmatched", counts.unmatched());
		line(text, "held", counts.held());
		line(text, "undecided", counts.undecided());
		this.totals.reasons().forEach((why, number) -> text.append("             %,d: %s%n".formatted(number, why)));
		line(text, "matched", counts.matched());
		if (restored() != null) {
			line(text, "restored", counts.deleted());
			line(text, "existing", counts.spared());
			line(text, "expired", counts.vanished());
			line(text, "refused", counts.refused());
		}
		else if (!isPlan()) {
			line(text, "deleted", counts.deleted());
			line(text, "vanished", vanished());
			line(text, "spared", spared());
			line(text, "refused", counts.refused());
		}
		if (this.saved != null) {
			line(text, "saved", (this.saved.entries() != null) ? "%,d entries, %,d bytes in %s"
				.formatted(this.saved.entries(), this.saved.bytes(), this.saved.place()) : this.saved.place());
		}
		line(text, "calls", "%,d list, %,d delete, %,d other, %,d of them repeated".formatted(calls.list(),
				calls.delete(), calls.other(), calls.retried()));
		if (!this.throttled.isZero()) {
			line(text, "throttled",
					"%.1f s, since the store was too slow".formatted(this.throttled.toMillis() / 1000.0));
		}
		line(text, "attempts", this.run.attempts());
		if (this.plan != null) {
			text.append(this.plan.toText());
		}
		if (this.run.identity().plan() != null) {
			line(text, "plan", this.run.identity().definition() + "." + this.run.identity().plan());
		}
		if (restored() != null) {
			line(text, "restores", String.valueOf(restored()));
		}
		if (this.run.seal() != null) {
			line(text, isPlan() ? "digest" : "seal", this.run.seal());
		}
		return text.toString().stripTrailing();
	}

	private static void line(StringBuilder text, String name, @Nullable Number number) {
		line(text, name, (number != null) ? "%,d".formatted(number.longValue()) : "not told by this store");
	}

	private static void line(StringBuilder text, String name, String value) {
		text.append("  %-10s %s%n".formatted(name, value));
	}

	/** The JSON form: the result object, one line. */
	public String toJson() {
		return json().toString();
	}

	/** The result object, to be added to. */
	public ObjectNode json() {
		ObjectNode json = JSON.createObjectNode();
		json.put("schema", SCHEMA);
		json.put("run", this.run.id().toString());
		json.put("attempts", this.run.attempts());
		json.put("status", this.run.state().name());
		json.put("exit", exitCode().status());
		json.put("reason", this.run.reason());
		json.put("store", this.run.identity().store());
		json.put("guarantee", this.run.guarantee().toString());
		json.put("listed", counts().listed());
		json.put("unmatched", counts().unmatched());
		json.put("held", counts().held());
		json.put("undecided", counts().undecided());
		json.put("matched", counts().matched());
		if (restored() != null) {
			json.put("restored", counts().deleted());
			json.put("existing", counts().spared());
			json.put("expired", counts().vanished());
			json.put("restores", String.valueOf(restored()));
		}
		else {
			json.put("deleted", counts().deleted());
			json.put("vanished", vanished());
			json.put("spared", spared());
		}
		json.put("refused", counts().refused());
		if (this.saved != null) {
			json.putObject("backup")
				.put("entries", this.saved.entries())
				.put("bytes", this.saved.bytes())
				.put("place", this.saved.place());
		}
		CallCounts calls = this.totals.calls();
		json.putObject("calls")
			.put("list", calls.list())
			.put("delete", calls.delete())
			.put("other", calls.other())
			.put("retried", calls.retried());
		json.put("seconds", duration().toMillis() / 1000.0);
		if (!this.throttled.isZero()) {
			json.put("secondsThrottled", this.throttled.toMillis() / 1000.0);
		}
		json.put("seal", this.run.seal());
		this.errors.forEach(json.putArray("errors")::add);
		if (this.plan != null) {
			this.plan.putInto(json.putObject("plan"));
		}
		else if (this.run.identity().plan() != null) {
			json.put("applies", this.run.identity().definition() + "." + this.run.identity().plan());
		}
		return json;
	}

}
