package io.kvpurge.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.kvpurge.ledger.CallSummary;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.Findings;
import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunAttempt;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunIdentity;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.StepTime;
import io.kvpurge.store.Key;

/**
 * What a run did, and how it went: all that its page shows, and its JSON. Gathered in one
 * pass over its calls; what is kept of them does not grow with their number.
 */
public final class RunDetails {

	private static final int SAMPLE = 10;

	private final RunReport report;

	private final List<RunAttempt> attempts;

	private final ActiveTime time;

	private final Throughput throughput;

	private final Map<Integer, RangeCourse> ranges = new LinkedHashMap<>();

	private final Refusals refusals = new Refusals();

	private final List<Key> sample = new ArrayList<>();

	private final @Nullable Findings findings;

	private RunDetails(RunReport report, DeletionLedger ledger) {
		RunId id = report.run().id();
		this.report = report;
		this.attempts = ledger.attempts(id);
		this.time = new ActiveTime(this.attempts);
		this.throughput = new Throughput(this.time);
		this.findings = findings(ledger);
	}

	/**
	 * Of a run as the ledger knows it now.
	 * @param report what it did
	 */
	public static RunDetails of(RunReport report, DeletionLedger ledger) {
		RunDetails details = new RunDetails(report, ledger);
		details.gather(ledger);
		return details;
	}

	private @Nullable Findings findings(DeletionLedger ledger) {
		RunIdentity identity = this.report.run().identity();
		if (identity.mode() == RunMode.RESTORE) {
			return null;
		}
		Integer plan = identity.plan();
		return ledger.findings((plan != null) ? new RunId(identity.definition(), plan) : this.report.run().id());
	}

	private void gather(DeletionLedger ledger) {
		RunId id = this.report.run().id();
		Map<String, RangeCourse> byName = new HashMap<>();
		for (LedgerRange range : ledger.ranges(id)) {
			RangeCourse course = new RangeCourse(range, this.time);
			this.ranges.put(range.number(), course);
			byName.put(range.name(), course);
		}
		for (StepTime step : ledger.steps(id)) {
			RangeCourse course = byName.get(step.name().substring(step.name().indexOf(':') + 1));
			if (course != null) {
				course.add(step);
			}
		}
		ledger.callSummaries(id, (call) -> add(call, ledger));
	}

	private void add(CallSummary call, DeletionLedger ledger) {
		this.throughput.add(call);
		RangeCourse range = this.ranges.get(call.range());
		if (range != null) {
			range.add(call);
		}
		boolean shown = this.sample.size() < SAMPLE && call.counts().allDeleted() > 0;
		boolean refused = call.counts().refused() > 0 && this.refusals.hasRoom();
		LedgerCall whole = (shown || refused) ? ledger.call(this.report.run().id(), call.range(), call.sequence())
				: null;
		if (whole != null && shown) {
			List<Key> gone = whole.keys((outcome) -> outcome.counted().isDeleted());
			this.sample.addAll(gone.subList(0, Math.min(gone.size(), SAMPLE - this.sample.size())));
		}
		if (whole != null && refused) {
			this.refusals.add(whole);
		}
	}

	/** The JSON form, one line: the fields of the result object, and more. */
	public String toJson() {
		return new RunDetailsJson(this).object().toString();
	}

	RunReport report() {
		return this.report;
	}

	List<RunAttempt> attempts() {
		return this.attempts;
	}

	ActiveTime time() {
		return this.time;
	}

	Throughput throughput() {
		return this.throughput;
	}

	/** By number. */
	List<RangeCourse> ranges() {
		return List.copyOf(this.ranges.values());
	}

	Refusals refusals() {
		return this.refusals;
	}

	/** Some of the keys that went, or were put back. */
	List<Key> sample() {
		return this.sample;
	}

	/**
	 * The values in the metadata fields of the rule, of the entries that
	 * {@link #countsDeleted()} says; null for a restore.
	 */
	@Nullable Findings findings() {
		return this.findings;
	}

	/**
	 * Whether the findings speak of the entries that were deleted; else of all that
	 * matched, as they do where everything is found before anything is deleted.
	 */
	boolean countsDeleted() {
		PurgeRun run = this.report.run();
		return !this.report.isPlan() && run.identity().plan() == null && run.stage() == null;
	}

	/** What it does, in a word. */
	String mode() {
		RunMode mode = this.report.run().identity().mode();
		return switch (mode) {
			case PURGE -> "purge";
			case PLAN -> "plan";
			case APPLY -> "application of a plan";
			case RESTORE -> "restore";
		};
	}

}
