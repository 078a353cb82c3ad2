package io.kvpurge.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import io.kvpurge.ledger.RangeProgress;
import io.kvpurge.store.KeyRange;

/** The part of the page that has the time of the run as its axis. */
final class TimePageModel {

	/** More bars than these say less. */
	private static final int MOST_RANGES = 64;

	private static final double RANGE_WIDTH = 1000;

	private static final double CHART_WIDTH = 600;

	private static final double CHART_HEIGHT = 120;

	private final RunDetails details;

	private final String verb;

	/**
	 * @param verb what happened to keys: deleted, or restored
	 */
	TimePageModel(RunDetails details, String verb) {
		this.details = details;
		this.verb = verb;
	}

	void putInto(Map<String, Object> values) {
		values.put("length", PageText.duration(this.details.time().length()));
		values.put("verb", this.verb);
		List<Map<String, Object>> resumes = resumes();
		values.put("resumes", resumes);
		values.put("resumed", !resumes.isEmpty());
		throughput(values);
		ranges(values);
	}

	private List<Map<String, Object>> resumes() {
		double millis = this.details.time().length().toMillis();
		return this.details.time()
			.stretches()
			.stream()
			.skip(1)
			.map((stretch) -> Map.<String, Object>of("attempt", stretch.attempt(), "gap",
					PageText.duration(stretch.gap()), "x600",
					PageText.coordinate(stretch.offset() / millis * CHART_WIDTH), "x1000",
					PageText.coordinate(stretch.offset() / millis * RANGE_WIDTH)))
			.toList();
	}

	private void throughput(Map<String, Object> values) {
		Throughput throughput = this.details.throughput();
		Double peak = throughput.peak();
		values.put("hasFound", throughput.found().stream().anyMatch((keys) -> keys > 0));
		values.put("hasDone", throughput.done().stream().anyMatch((keys) -> keys > 0));
		values.put("noCalls",
				(this.details.report().run().prunedAt() != null) ? "The calls were pruned, and their times with them."
						: "No key was " + this.verb + ": the ledger has the times of bulk calls, and there was none.");
		if (peak == null) {
			values.put("throughput", false);
			return;
		}
		List<Map<String, Object>> parts = new ArrayList<>();
		add(parts, throughput.found(), throughput.most(), "calm");
		add(parts, throughput.done(), throughput.most(), "main");
		values.put("throughput", Map.of("peak", PageText.decimal(peak), "part",
				PageText.decimal(throughput.secondsOfPart()) + " s", "parts", parts));
	}

	private static void add(List<Map<String, Object>> parts, List<Double> keys, double most, String kind) {
		for (int i = 0; i < keys.size(); i++) {
			if (keys.get(i) > 0) {
				double height = Math.max(1, keys.get(i) / most * CHART_HEIGHT);
				parts.add(Map.of("kind", kind, "x", PageText.coordinate(i * CHART_WIDTH / Throughput.PARTS), "y",
						PageText.coordinate(CHART_HEIGHT - height), "height", PageText.coordinate(height)));
			}
		}
	}

	private void ranges(Map<String, Object> values) {
		List<RangeCourse> all = this.details.ranges();
		// Those that took longest: one looks for stragglers.
		List<RangeCourse> shown = all.stream()
			.sorted(Comparator.comparing(RangeCourse::worked).reversed())
			.limit(MOST_RANGES)
			.sorted(Comparator.comparingInt((range) -> range.range().number()))
			.toList();
		values.put("hasRanges", !shown.isEmpty());
		values.put("someRanges", (shown.size() < all.size())
				? "The %d of %d that took longest.".formatted(shown.size(), all.size()) : false);
		values.put("ranges", shown.stream().map(this::range).toList());
	}

	private Map<String, Object> range(RangeCourse course) {
		KeyRange bounds = course.range().bounds();
		RangeProgress progress = course.range().progress();
		List<Map<String, Object>> bars = new ArrayList<>();
		course.bars().forEach((bar) -> bars.add(bar(bar, 14)));
		course.calls().forEach((bar) -> bars.add(bar(bar, 5)));
		Duration worked = course.worked();
		String facts = "%s, %s listed, %s %s, %s calls%s%s".formatted(
				(worked.isZero() && course.bars().isEmpty()) ? "time not known" : PageText.duration(worked),
				PageText.number(progress.counts().listed()),
				PageText
					.number(this.details.report().isPlan() ? progress.counts().matched() : progress.counts().deleted()),
				this.details.report().isPlan() ? "matched" : this.verb,
				PageText.number(progress.calls().list() + progress.calls().delete() + progress.calls().other()),
				(progress.calls().retried() > 0) ? ", " + PageText.number(progress.calls().retried()) + " repeated"
						: "",
				progress.done() ? "" : ", not done");
		String prefix = bounds.prefix().toString();
		String keys = (prefix.isEmpty() ? "" : "'" + PageText.printable(prefix) + "'")
				+ ((bounds.part() != null) ? " " + PageText.printable(bounds.part()) : "");
		return Map.of("name", course.range().name(), "prefix", keys, "facts", facts, "bars", bars);
	}

	private static Map<String, Object> bar(RangeCourse.Bar bar, int height) {
		return Map.of("kind", bar.kind(), "x", PageText.coordinate(bar.from() * RANGE_WIDTH), "width",
				PageText.coordinate(Math.max(2, (bar.to() - bar.from()) * RANGE_WIDTH)), "height", height);
	}

}
