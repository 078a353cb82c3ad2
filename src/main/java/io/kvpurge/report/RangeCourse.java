package io.kvpurge.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

import io.kvpurge.ledger.CallSummary;
import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.StepTime;

/** When a range was worked on, and when a call of it was under way. */
final class RangeCourse {

	/** As fine as calls are drawn. */
	private static final int PARTS = 240;

	private final LedgerRange range;

	private final ActiveTime time;

	private final List<StepTime> steps = new ArrayList<>();

	private final BitSet calling = new BitSet(PARTS);

	RangeCourse(LedgerRange range, ActiveTime time) {
		this.range = range;
		this.time = time;
	}

	LedgerRange range() {
		return this.range;
	}

	void add(StepTime step) {
		this.steps.add(step);
	}

	void add(CallSummary call) {
		Instant settledAt = call.settledAt();
		if (!call.planned() && settledAt != null) {
			int from = (int) Math.min(PARTS - 1, this.time.at(call.announcedAt()) * PARTS);
			int to = (int) Math.min(PARTS - 1, this.time.at(settledAt) * PARTS);
			this.calling.set(from, to + 1);
		}
	}

	/** How long it was worked on, over all attempts. */
	Duration worked() {
		return this.steps.stream()
			.map((step) -> Duration.between(step.startedAt(), end(step)))
			.reduce(Duration.ZERO, Duration::plus);
	}

	private Instant end(StepTime step) {
		Instant end = step.endedAt();
		Instant last = this.time.endOfAttempt(step.startedAt());
		return (end == null || end.isAfter(last)) ? last : end;
	}

	/** The times in which it was worked on. */
	List<Bar> bars() {
		return this.steps.stream()
			.map((step) -> new Bar(this.time.at(step.startedAt()), this.time.at(end(step)), status(step)))
			.toList();
	}

	private static String status(StepTime step) {
		return switch (step.status()) {
			case "COMPLETED" -> step.name().startsWith("find:") ? "found" : "completed";
			case "STOPPED" -> "stopped";
			default -> (step.endedAt() == null) ? "cut" : "failed";
		};
	}

	/** The times in which a call was under way. */
	List<Bar> calls() {
		List<Bar> bars = new ArrayList<>();
		for (int from = this.calling.nextSetBit(0); from >= 0;) {
			int to = this.calling.nextClearBit(from);
			bars.add(new Bar((double) from / PARTS, (double) to / PARTS, "call"));
			from = this.calling.nextSetBit(to);
		}
		return bars;
	}

	/**
	 * A part of the axis.
	 *
	 * @param from where it begins, 0 to 1
	 * @param to where it ends
	 * @param kind what was then: completed, found, stopped, failed, cut or call
	 */
	record Bar(double from, double to, String kind) {
	}

}
