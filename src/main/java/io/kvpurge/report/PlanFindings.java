package io.kvpurge.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.ledger.Findings;
import io.kvpurge.ledger.Forecast;
import io.kvpurge.ledger.Forecast.Effort;
import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.store.Key;

/** What a plan found, and what it would take to delete it. */
public final class PlanFindings {

	/** More lines than these of one kind are for machines only. */
	private static final int SHOWN = 10;

	private final PurgeRun plan;

	/** How many entries match under each prefix that was listed. */
	private final Map<Key, Long> prefixes = new TreeMap<>();

	private final Findings findings;

	PlanFindings(PurgeRun plan, List<LedgerRange> ranges, Findings findings) {
		this.plan = plan;
		this.findings = findings;
		ranges.forEach((range) -> this.prefixes.merge(range.bounds().prefix(), range.progress().counts().matched(),
				Long::sum));
	}

	/** For people, each line with its place: a name of up to ten letters, or none. */
	String toText() {
		StringBuilder text = new StringBuilder();
		List<String> prefixes = new ArrayList<>();
		this.prefixes.forEach((prefix, count) -> prefixes.add("%,d under '%s'".formatted(count, prefix.toString())));
		section(text, "prefixes", prefixes);
		this.findings.values().forEach((field, counts) -> {
			List<String> values = new ArrayList<>();
			counts.forEach((value, count) -> values.add("%,d with %s: %s".formatted(count, field, value)));
			section(text, "metadata", values);
		});
		section(text, "sample",
				this.findings.sample()
					.stream()
					.map((entry) -> (entry.key() + "  " + entry.metadata()).strip())
					.toList());
		Forecast forecast = this.plan.forecast();
		if (forecast != null) {
			section(text, "forecast",
					forecast.ways().entrySet().stream().map((way) -> line(way.getKey(), way.getValue())).toList());
		}
		return text.toString();
	}

	private static void section(StringBuilder text, String name, List<String> lines) {
		String heading = name;
		for (String line : lines.subList(0, Math.min(lines.size(), SHOWN))) {
			text.append("  %-10s %s%n".formatted(heading, printable(line)));
			heading = "";
		}
		if (lines.size() > SHOWN) {
			text.append("  %-10s and %,d more (--json has them all)%n".formatted("", lines.size() - SHOWN));
		}
	}

	/** Keys and metadata are anybody's: they must not move a terminal's cursor. */
	private static String printable(String line) {
		return line.replaceAll("\\p{Cntrl}", "\uFFFD");
	}

	private static String line(String way, Effort effort) {
		StringBuilder line = new StringBuilder("%s: %,d calls".formatted(way, effort.calls()));
		if (effort.seconds() != null) {
			line.append(", ").append(duration(Duration.ofSeconds(effort.seconds()))).append(" at the rate limit");
		}
		if (effort.dollars() != null) {
			line.append(String.format(Locale.ROOT, ", $%.2f", effort.dollars()));
		}
		if (effort.freeDays() != null) {
			line.append(", %,d days on the free plan".formatted(effort.freeDays()));
		}
		return line.toString();
	}

	private static String duration(Duration duration) {
		if (duration.toHours() > 0) {
			return "%d h %d min".formatted(duration.toHours(), duration.toMinutesPart());
		}
		return (duration.toMinutes() > 0) ? "%d min %d s".formatted(duration.toMinutes(), duration.toSecondsPart())
				: duration.toSeconds() + " s";
	}

	/** The same, all of it. */
	void putInto(ObjectNode json) {
		json.put("digest", this.plan.seal());
		ArrayNode prefixes = json.putArray("prefixes");
		this.prefixes.forEach((prefix, count) -> putKey(prefixes.addObject(), "prefix", prefix).put("matched", count));
		put(json.putObject("metadata"), this.findings);
		ArrayNode sample = json.putArray("sample");
		for (Findings.Sample entry : this.findings.sample()) {
			putKey(sample.addObject(), "key", entry.key()).put("metadata", entry.metadata());
		}
		Forecast forecast = this.plan.forecast();
		ObjectNode ways = json.putObject("forecast");
		if (forecast != null) {
			forecast.ways().forEach((way, effort) -> put(ways.putObject(way), effort));
		}
	}

	/** Puts the values of each metadata field, and how many entries have them. */
	static void put(ObjectNode metadata, Findings findings) {
		findings.values().forEach((field, counts) -> {
			ObjectNode values = metadata.putObject(field);
			counts.forEach(values::put);
		});
	}

	/** Puts a key into an object: as text, or as {@code FIELD64} if it is none. */
	static ObjectNode putKey(ObjectNode json, String field, Key key) {
		return key.isText() ? json.put(field, key.text()) : json.put(field + "64", key.base64());
	}

	private static void put(ObjectNode json, Effort effort) {
		json.put("calls", effort.calls());
		json.put("seconds", effort.seconds());
		json.put("dollars", effort.dollars());
		json.put("freeDays", effort.freeDays());
	}

}
