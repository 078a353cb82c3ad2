package io.kvpurge.cli;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.definition.Notices;
import io.kvpurge.definition.RunEvent;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.RunTotals;
import io.kvpurge.metrics.MetricsExport;
import io.kvpurge.metrics.RunMetrics;
import io.kvpurge.report.ExitCode;
import io.kvpurge.report.RunReport;
import io.kvpurge.webhook.Webhook;

/**
 * Tells the world how a run ended: its page, its metrics, a webhook. Whatever of this
 * fails is said in one line, and fails no run.
 */
final class RunTelling {

	private static final JsonMapper JSON = JsonMapper.shared();

	private final Notices notices;

	private final @Nullable Webhook webhook;

	private final PrintStream err;

	private final ReportFolder reports;

	private final Clock clock;

	private @Nullable RunMetrics metrics;

	private @Nullable EntryCounts seen;

	private Instant movedAt;

	private boolean stalled;

	private RunTelling(Notices notices, @Nullable Webhook webhook, PrintStream err, ReportFolder reports, Clock clock) {
		this.notices = notices;
		this.webhook = webhook;
		this.err = err;
		this.reports = reports;
		this.clock = clock;
		this.movedAt = clock.instant();
	}

	/**
	 * As the settings say.
	 * @param environment has what is secret
	 * @throws DefinitionException if it cannot be done so: nothing was touched
	 */
	static RunTelling of(Notices notices, UnaryOperator<@Nullable String> environment, PrintStream err,
			ReportFolder reports, Clock clock) {
		Path folder = notices.textfileDirectory();
		if (folder != null && !(Files.isDirectory(folder) && Files.isWritable(folder))) {
			throw new DefinitionException(List.of(unusable(folder)));
		}
		return new RunTelling(notices, webhook(notices, environment, clock), err, reports, clock);
	}

	/** Writes the page, and tells nobody else. */
	static RunTelling quiet(PrintStream err, ReportFolder reports, Clock clock) {
		return new RunTelling(Notices.NONE, null, err, reports, clock);
	}

	static String unusable(Path folder) {
		return "metrics.textfile-directory: " + folder + " is no folder that " + System.getProperty("user.name")
				+ " can write to: make it, or name another one";
	}

	/** What is called, null if nothing is. */
	static @Nullable Webhook webhook(Notices notices, UnaryOperator<@Nullable String> environment, Clock clock) {
		if (notices.webhookUrl() == null) {
			return null;
		}
		try {
			return new Webhook(notices.webhookUrl(), given(environment, "KVPURGE_WEBHOOK_TOKEN"),
					given(environment, "KVPURGE_WEBHOOK_SECRET"), clock);
		}
		catch (IllegalArgumentException ex) {
			throw new DefinitionException(
					List.of("KVPURGE_WEBHOOK_TOKEN or KVPURGE_WEBHOOK_SECRET cannot be used: " + ex.getMessage()));
		}
	}

	private static @Nullable String given(UnaryOperator<@Nullable String> environment, String variable) {
		String value = environment.apply(variable);
		return (value != null && !value.isEmpty()) ? value : null;
	}

	/** The attempt has ended, and its ledger is open. */
	void draw(RunReport report, DeletionLedger ledger, long pauses) {
		say(report.run().id() + " " + this.reports.write(report, ledger));
		if (export().isWanted()) {
			try {
				this.metrics = new RunMetrics(report, ledger, pauses);
			}
			catch (RuntimeException ex) {
				say(report.run().id() + " the metrics could not be gathered: " + Message.why(ex));
			}
		}
	}

	/**
	 * It has ended, and its ledger is closed: whoever is slow to answer holds nobody up.
	 */
	void ended(RunReport report) {
		if (this.metrics != null) {
			export().export(this.metrics).forEach((line) -> say(report.run().id() + " " + line));
		}
		ObjectNode json = report.json();
		json.put("definition", report.run().identity().definition());
		json.put("mode", report.run().identity().mode().name());
		send(switch (report.run().state()) {
			case COMPLETED, SUPERSEDED -> (report.exitCode() == ExitCode.REFUSED) ? RunEvent.REFUSED : RunEvent.SUCCESS;
			case PAUSED -> RunEvent.PAUSED;
			case BLOCKED -> RunEvent.GUARD;
			case STOPPED -> RunEvent.STOPPED;
			case FAILED, RUNNING -> RunEvent.FAILURE;
		}, json);
	}

	/**
	 * It did not come to a run. That it is held, outside its window or under way already
	 * is no failure.
	 */
	void failed(String definition, RuntimeException failure) {
		ErrorReport.Said said = ErrorReport.said(failure);
		if (said.code() != ExitCode.STOPPED && said.code() != ExitCode.BUSY) {
			send(RunEvent.FAILURE,
					Message.object(said.code(), said.lines().get(0), said.lines()).put("definition", definition));
		}
	}

	/** What the ledger says of the run that goes on, about each second. */
	synchronized void watch(String run, String definition, RunTotals totals) {
		Instant now = this.clock.instant();
		if (!totals.counts().equals(this.seen)) {
			this.seen = totals.counts();
			this.movedAt = now;
			this.stalled = false;
		}
		else if (!this.stalled && this.webhook != null
				&& Duration.between(this.movedAt, now).compareTo(this.notices.stalledAfter()) >= 0) {
			this.stalled = true;
			ObjectNode json = JSON.createObjectNode();
			json.put("schema", RunReport.SCHEMA)
				.put("run", run)
				.put("status", "RUNNING")
				.put("reason", "no entry was dealt with since " + this.movedAt)
				.put("listed", totals.counts().listed())
				.put("matched", totals.counts().matched())
				.put("deleted", totals.counts().deleted())
				.put("definition", definition);
			// Beside the thread that looks for a hold.
			Thread thread = new Thread(() -> send(RunEvent.STALLED, json), "webhook");
			thread.setDaemon(true);
			thread.start();
		}
	}

	private MetricsExport export() {
		return new MetricsExport(this.notices.textfileDirectory(), this.notices.otlpUrl());
	}

	private void send(RunEvent event, ObjectNode json) {
		if (this.webhook != null && this.notices.webhookOn().contains(event)) {
			json.put("event", event.word());
			this.webhook.send(event.word(), json.toString()).ifPresent(this::say);
		}
	}

	/** Not as a problem of the run. */
	private void say(String line) {
		this.err.println("kvpurge " + line);
	}

}
