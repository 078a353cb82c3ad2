package io.kvpurge.report;

import java.time.Instant;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.ledger.Findings;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunState;
import io.kvpurge.store.KeyRange;

/** The result object of a run, and behind it what the page shows beyond it. */
final class RunDetailsJson {

	private final RunDetails details;

	RunDetailsJson(RunDetails details) {
		this.details = details;
	}

	ObjectNode object() {
		ObjectNode json = this.details.report().json();
		PurgeRun run = this.details.report().run();
		json.put("mode", run.identity().mode().name());
		json.put("asOf", run.identity().asOf().toString());
		json.put("started", run.startedAt().toString());
		json.put("ended", text(run.endedAt()));
		json.put("digest", run.identity().digest());
		json.put("parameters", run.identity().parameters());
		json.put("definition", run.definitionText());
		ObjectNode undecided = json.putObject("reasons");
		this.details.report().totals().reasons().forEach(undecided::put);
		ArrayNode attempts = json.putArray("history");
		this.details.attempts()
			.forEach((attempt) -> AttemptJson.put(attempts.addObject(), attempt,
					(attempt.state() == RunState.RUNNING) ? null : attempt.state().name()));
		ArrayNode ranges = json.putArray("ranges");
		this.details.ranges().forEach((range) -> put(ranges.addObject(), range));
		throughput(json.putObject("throughput"));
		Findings findings = this.details.findings();
		if (findings != null) {
			json.put("metadataOf", this.details.countsDeleted() ? "deleted" : "matched");
			PlanFindings.put(json.putObject("metadata"), findings);
		}
		ArrayNode sample = json.putArray("sample");
		this.details.sample().forEach((key) -> PlanFindings.putKey(sample.addObject(), "key", key));
		ObjectNode refusals = json.putObject("refusals");
		ObjectNode reasons = refusals.putObject("reasons");
		this.details.refusals().reasons().forEach(reasons::put);
		ArrayNode refused = refusals.putArray("sample");
		this.details.refusals()
			.sample()
			.forEach(
					(each) -> PlanFindings.putKey(refused.addObject(), "key", each.key()).put("reason", each.reason()));
		return json;
	}

	private static void put(ObjectNode json, RangeCourse course) {
		KeyRange bounds = course.range().bounds();
		PlanFindings.putKey(json, "prefix", bounds.prefix());
		if (bounds.part() != null) {
			json.put("part", bounds.part());
		}
		json.put("range", course.range().name());
		json.put("done", course.range().progress().done());
		json.put("listed", course.range().progress().counts().listed());
		json.put("matched", course.range().progress().counts().matched());
		json.put("deleted", course.range().progress().counts().deleted());
		json.put("refused", course.range().progress().counts().refused());
		json.putObject("calls")
			.put("list", course.range().progress().calls().list())
			.put("delete", course.range().progress().calls().delete())
			.put("other", course.range().progress().calls().other())
			.put("retried", course.range().progress().calls().retried());
		json.put("seconds", course.bars().isEmpty() ? null : course.worked().toMillis() / 1000.0);
		ArrayNode bars = json.putArray("times");
		course.bars()
			.forEach((bar) -> bars.addObject().put("from", bar.from()).put("to", bar.to()).put("status", bar.kind()));
	}

	private void throughput(ObjectNode json) {
		json.put("secondsOfWork", this.details.time().length().toMillis() / 1000.0);
		json.put("secondsOfPart", this.details.throughput().secondsOfPart());
		this.details.throughput().found().forEach(json.putArray("found")::add);
		this.details.throughput().done().forEach(json.putArray("done")::add);
	}

	private static @Nullable String text(@Nullable Instant instant) {
		return (instant != null) ? instant.toString() : null;
	}

}
