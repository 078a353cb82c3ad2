package io.kvpurge.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.kvpurge.ledger.CallCounts;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.Findings;
import io.kvpurge.ledger.Forecast;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunAttempt;
import io.kvpurge.ledger.RunState;

/** What the template of the page asks for, by the names that it uses. */
final class RunPageModel {

	private static final int MOST_VALUES = 10;

	private final RunDetails details;

	private final RunReport report;

	private final PurgeRun run;

	RunPageModel(RunDetails details) {
		this.details = details;
		this.report = details.report();
		this.run = this.report.run();
	}

	Map<String, Object> values() {
		Map<String, Object> values = new LinkedHashMap<>();
		head(values);
		funnel(values);
		forecast(values);
		new TimePageModel(this.details, verb()).putInto(values);
		CallCounts calls = this.report.totals().calls();
		values.put("calls", List.of(pair("list", calls.list()), pair("delete", calls.delete()),
				pair("other", calls.other()), pair("repeated, of all of these", calls.retried())));
		metadata(values);
		sample(values);
		refusals(values);
		values.put("attempts", this.details.attempts().stream().map(this::attempt).toList());
		evidence(values);
		return values;
	}

	private void head(Map<String, Object> values) {
		values.put("run", this.run.id().toString());
		values.put("state", this.run.state().name());
		values.put("reason", PageText.printable(this.report.reason()));
		values.put("errors", this.report.errors().stream().map(PageText::printable).toList());
		values.put("mode", this.details.mode());
		values.put("store", PageText.printable(this.run.identity().store()));
		values.put("started", PageText.time(this.run.startedAt()));
		Instant ended = this.run.endedAt();
		values.put("ended", (ended != null) ? PageText.time(ended) : false);
		EntryCounts counts = this.report.counts();
		values.put("figures",
				List.of(this.report.isPlan() ? pair("matched", counts.matched()) : pair(verb(), counts.deleted()),
						pair("listed", counts.listed()),
						Map.of("name", "time of work", "value", PageText.duration(this.details.time().length())),
						pair("attempts", this.run.attempts())));
	}

	private String verb() {
		return (this.report.restored() != null) ? "restored" : "deleted";
	}

	private void funnel(Map<String, Object> values) {
		EntryCounts counts = this.report.counts();
		List<Map<String, Object>> rows = new ArrayList<>();
		long all = Math.max(1, counts.listed());
		rows.add(bar("listed", counts.listed(), all, "calm"));
		rows.add(bar("unmatched", counts.unmatched(), all, "calm"));
		rows.add(bar("held", counts.held(), all, "calm"));
		rows.add(bar("undecided", counts.undecided(), all, "calm"));
		rows.add(bar("matched", counts.matched(), all, "main"));
		if (this.report.restored() != null) {
			rows.add(bar("restored", counts.deleted(), all, "main"));
			rows.add(bar("there already", counts.spared(), all, "calm"));
			rows.add(bar("expired", counts.vanished(), all, "calm"));
			rows.add(bar("refused", counts.refused(), all, "failed"));
		}
		else if (!this.report.isPlan()) {
			rows.add(bar("deleted", counts.deleted(), all, "main"));
			rows.add(bar("vanished", this.report.vanished(), all, "calm"));
			rows.add(bar("spared", this.report.spared(), all, "calm"));
			rows.add(bar("refused", counts.refused(), all, "failed"));
		}
		values.put("funnel", rows);
		values.put("empty", counts.listed() == 0);
		values.put("undecided", counted(this.report.totals().reasons()));
		values.put("hasUndecided", !this.report.totals().reasons().isEmpty());
	}

	private void forecast(Map<String, Object> values) {
		Forecast forecast = this.run.forecast();
		if (forecast == null || !this.report.isPlan()) {
			values.put("forecast", false);
			return;
		}
		List<Map<String, Object>> ways = new ArrayList<>();
		forecast.ways().forEach((name, effort) -> {
			Long seconds = effort.seconds();
			Double dollars = effort.dollars();
			ways.add(Map.of("name", name, "calls", PageText.number(effort.calls()), "time",
					(seconds != null) ? PageText.duration(Duration.ofSeconds(seconds)) : "not known", "cost",
					(dollars != null) ? String.format(Locale.ROOT, "$%.2f", dollars) : "not known"));
		});
		values.put("forecast", Map.of("ways", ways));
	}

	private void metadata(Map<String, Object> values) {
		Findings findings = this.details.findings();
		List<Map<String, Object>> fields = new ArrayList<>();
		if (findings != null) {
			findings.values().forEach((field, counts) -> {
				long all = Math.max(1, counts.values().stream().mapToLong(Long::longValue).sum());
				fields.add(Map.of("name", PageText.printable(field), "values",
						counts.entrySet()
							.stream()
							.limit(MOST_VALUES)
							.map((value) -> bar(value.getKey(), value.getValue(), all, "main"))
							.toList()));
			});
		}
		values.put("fields", fields);
		values.put("metadataOf",
				(findings == null) ? "was restored" : this.details.countsDeleted() ? "was deleted" : "matched");
		values.put("noFields", (findings != null) ? "The rule names no metadata field, or nothing matched."
				: "A restore counts none: the report of the run that deleted does.");
	}

	private void sample(Map<String, Object> values) {
		Findings findings = this.details.findings();
		List<Map<String, Object>> sample = new ArrayList<>();
		if (this.report.isPlan() && findings != null) {
			findings.sample().forEach((entry) -> sample.add(key(entry.key().toString(), entry.metadata())));
		}
		else {
			this.details.sample().forEach((key) -> sample.add(key(key.toString(), "")));
		}
		values.put("sample", sample);
		values.put("sampleHasMetadata", this.report.isPlan());
		values.put("hasSample", !sample.isEmpty());
		values.put("noSample",
				(this.run.prunedAt() != null) ? "The keys were pruned at " + PageText.time(this.run.prunedAt()) + "."
						: this.report.isPlan() ? "Nothing matched." : "Nothing was " + verb() + ".");
	}

	private static Map<String, Object> key(String key, String metadata) {
		return Map.of("key", PageText.printable(key), "metadata", PageText.printable(metadata));
	}

	private void refusals(Map<String, Object> values) {
		Refusals refusals = this.details.refusals();
		values.put("hasRefusals", !refusals.sample().isEmpty());
		values.put("reasons", counted(refusals.reasons()));
		values.put("refused",
				refusals.sample()
					.stream()
					.map((refused) -> Map.of("key", PageText.printable(refused.key().toString()), "reason",
							PageText.printable(refused.reason())))
					.toList());
		values.put("noRefusals",
				(this.report.counts().refused() > 0) ? "The keys and the reasons were pruned." : "Nothing.");
	}

	private Map<String, Object> attempt(RunAttempt attempt) {
		boolean open = attempt.state() == RunState.RUNNING;
		@Nullable String reason = attempt.reason();
		return Map.of("number", attempt.number(), "state", open ? "not ended" : attempt.state().name(), "by",
				PageText.printable("%s on %s, pid %d, version %s".formatted(attempt.origin().user(),
						attempt.origin().host(), attempt.origin().pid(), attempt.origin().version())),
				"time", PageText.time(attempt.startedAt()) + " to " + PageText.time(attempt.until()), "reason",
				PageText.printable((reason != null) ? reason : "its last sign of life is all that is known"));
	}

	private void evidence(Map<String, Object> values) {
		List<Map<String, Object>> facts = new ArrayList<>();
		facts.add(fact("store", this.run.identity().store(), false));
		facts.add(fact("guarantee", this.run.guarantee().toString(), false));
		facts.add(fact("judged as of", PageText.time(this.run.identity().asOf()), false));
		facts.add(fact("parameters", this.run.identity().parameters(), true));
		if (this.run.identity().plan() != null) {
			facts.add(fact("applies", this.run.identity().definition() + "." + this.run.identity().plan(), false));
		}
		if (this.report.restored() != null) {
			facts.add(fact("restores", String.valueOf(this.report.restored()), false));
		}
		SavedEntries saved = this.report.saved();
		if (saved != null) {
			facts.add(fact("backup", saved.place(), false));
		}
		facts.add(fact("digest", this.run.identity().digest(), true));
		String seal = this.run.seal();
		facts.add(fact("seal", (seal != null) ? seal : "not sealed: the run can be carried on", seal != null));
		values.put("facts", facts);
		values.put("definition", PageText.printable(this.run.definitionText()));
		values.put("version", PageText.printable(this.run.origin().version()));
		values.put("now", PageText.time(this.report.now()));
	}

	private static Map<String, Object> fact(String name, String value, boolean code) {
		return Map.of("name", name, "value", PageText.printable(value), "code", code);
	}

	private static Map<String, Object> pair(String name, long value) {
		return Map.of("name", name, "value", PageText.number(value));
	}

	private static Map<String, Object> bar(String name, @Nullable Long value, long all, String kind) {
		double share = (value != null) ? 100.0 * value / all : 0;
		return Map.of("name", PageText.printable(name), "value", PageText.number(value), "percent",
				PageText.coordinate((value != null && value > 0) ? Math.max(0.3, share) : 0), "kind", kind);
	}

	private static List<Map<String, Object>> counted(Map<String, Long> counts) {
		return counts.entrySet()
			.stream()
			.map((entry) -> Map.<String, Object>of("name", PageText.printable(entry.getKey()), "count",
					PageText.number(entry.getValue())))
			.toList();
	}

}
