package io.kvpurge.cli;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.job.LiveRun;
import io.kvpurge.job.Pace;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.RunReport;

/** A running purge as text and as JSON. */
final class LiveRunOutput {

	/** More than that nobody reads; JSON has all. */
	private static final int SHOWN_RANGES = 20;

	private static final JsonMapper JSON = JsonMapper.shared();

	private final LiveRun live;

	private final Instant now;

	LiveRunOutput(LiveRun live, Instant now) {
		this.live = live;
		this.now = now;
	}

	/** One line. */
	String line() {
		Long rate = this.live.pace().perSecond();
		return "%-32s %-10s since %s (pid %d on %s): %s".formatted(this.live.run(), RunState.RUNNING,
				AgeText.of(this.live.startedAt(), this.now), this.live.pid(), this.live.host(),
				ProgressText.line(this.live.totals(), "deleted", rate, this.live.pace().text()));
	}

	/** The line, and one for each range; of very many those that have come least far. */
	String text() {
		StringBuilder text = new StringBuilder(line());
		List<LiveRun.Range> ranges = this.live.ranges()
			.stream()
			.sorted(Comparator.comparing(LiveRun.Range::done))
			.limit(SHOWN_RANGES)
			.sorted(Comparator.comparing(LiveRun.Range::name))
			.toList();
		for (LiveRun.Range range : ranges) {
			text.append("%n  %s  %s  listed %,d, matched %,d, deleted %,d".formatted(range.name(),
					range.done() ? "done   " : "at work", range.listed(), range.matched(), range.deleted()));
		}
		int others = this.live.ranges().size() - ranges.size();
		if (others > 0) {
			text.append("%n  and %,d more".formatted(others));
		}
		this.live.workers().forEach((worker) -> text.append("\n  ").append(line(worker)));
		return text.toString();
	}

	/** One line for a worker. */
	static String line(LiveRun.Worker worker) {
		return "worker %s: %d of %d slots, %,d entries/s%s".formatted(worker.name(), worker.ranges().size(),
				worker.slots(), worker.perSecond(), worker.ranges().isEmpty() ? "" : ", " + worker.ranges())
				+ ((worker.remark() != null) ? "; " + worker.remark() : "");
	}

	ObjectNode json() {
		EntryCounts counts = this.live.totals().counts();
		Pace pace = this.live.pace();
		ObjectNode json = JSON.createObjectNode();
		json.put("schema", RunReport.SCHEMA);
		json.put("run", this.live.run());
		json.put("attempts", this.live.attempt());
		json.put("status", RunState.RUNNING.name());
		json.put("pid", this.live.pid());
		json.put("host", this.live.host());
		json.put("listed", counts.listed());
		json.put("matched", counts.matched());
		json.put("deleted", counts.deleted());
		json.put("ranges", this.live.totals().ranges());
		json.put("rangesDone", this.live.totals().rangesDone());
		json.put("keysPerSecond", pace.perSecond());
		json.put("secondsLeft", (pace.left() != null) ? pace.left().toSeconds() : null);
		json.put("timeLeft", pace.text());
		ArrayNode ranges = json.putArray("progress");
		for (LiveRun.Range range : this.live.ranges()) {
			ranges.addObject()
				.put("range", range.name())
				.put("done", range.done())
				.put("listed", range.listed())
				.put("matched", range.matched())
				.put("deleted", range.deleted());
		}
		ArrayNode workers = json.putArray("workers");
		for (LiveRun.Worker worker : this.live.workers()) {
			ObjectNode shown = workers.addObject()
				.put("worker", worker.name())
				.put("slots", worker.slots())
				.put("entriesPerSecond", worker.perSecond())
				.put("remark", worker.remark());
			worker.ranges().forEach(shown.putArray("ranges")::add);
		}
		return json;
	}

}
