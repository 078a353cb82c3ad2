package io.kvpurge.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.job.DefinitionHome;
import io.kvpurge.job.Hold;
import io.kvpurge.job.LiveRun;
import io.kvpurge.ledger.DatabaseBusyException;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.ExitCode;
import io.kvpurge.report.RunReport;

/** Shows how runs stand. */
@Command(name = "status", description = { "Shows the last run of every definition, or one run in full.",
		"Of a running one it shows what that says of itself now." })
final class StatusCommand implements Callable<Integer> {

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final Duration INTERVAL = Duration.ofMillis(500);

	private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

	private final CommandServices services;

	@Mixin
	private CommonOptions common = new CommonOptions();

	@Parameters(index = "0", arity = "0..1", paramLabel = "RUN",
			description = "NAME.N, or the definition's NAME or FILE for its last run.")
	private @Nullable String run;

	@Option(names = "--watch", description = "Follow the running RUN, and end as it ends.")
	private boolean watch;

	@Option(names = "--stale", paramLabel = "DURATION",
			description = "End with 1 if a definition, or RUN's, was not completed for so long, 26h say.")
	private @Nullable String stale;

	StatusCommand(CommandServices services) {
		this.services = services;
	}

	@Override
	public Integer call() {
		RunReference reference = (this.run != null) ? RunReference.parse(this.run) : null;
		if (this.stale != null) {
			return showStale(reference, this.stale).status();
		}
		if (this.watch) {
			return watched(reference).status();
		}
		if (reference != null) {
			showOne(reference);
		}
		else {
			showAll();
		}
		return ExitCode.COMPLETED.status();
	}

	private ExitCode showStale(@Nullable RunReference reference, String longest) {
		if (this.watch || (reference != null && reference.number() != null)) {
			throw new DefinitionException(List
				.of("--stale looks at definitions: leave out " + (this.watch ? "--watch" : "the number of the run")));
		}
		StaleDefinitions found = new StaleDefinitions(this.services.home(this.common),
				LaunchOptions.duration("--stale", longest, "26h or 90m"), this.services.clock().instant())
			.look((reference != null) ? reference.definition() : null);
		if (this.common.json) {
			print(found.json().toString());
		}
		else {
			found.lines().forEach(this::print);
		}
		return found.exitCode();
	}

	private ExitCode watched(@Nullable RunReference reference) {
		if (reference == null) {
			throw new DefinitionException(List.of("--watch follows one run: give RUN, or its definition"));
		}
		DefinitionHome home = this.services.home(this.common).definition(reference.definition());
		WatchedRun followed = new WatchedRun(() -> live(home, reference), this.services.terminal().err(),
				StatusCommand::pause);
		Instant patience = this.services.clock().instant().plus(LONGEST_SILENCE);
		while (true) {
			followed.follow();
			try (OpenedRun opened = OpenedRun.open(this.services, this.common, reference)) {
				showEnded(opened);
				return opened.report(this.services.clock().instant()).exitCode();
			}
			catch (DatabaseBusyException ex) {
				// It begins, or ends: there is nothing to see for a moment.
				if (!pause() || this.services.clock().instant().isAfter(patience)) {
					throw ex;
				}
			}
		}
	}

	private @Nullable LiveRun live(DefinitionHome home, RunReference reference) {
		LiveRun live = home.live();
		return (live != null && live.isFresh(this.services.clock().instant()) && isNamed(live, reference)) ? live
				: null;
	}

	private static boolean isNamed(LiveRun live, RunReference reference) {
		return reference.number() == null || live.run().equals(reference.definition() + "." + reference.number());
	}

	private static boolean pause() {
		try {
			Thread.sleep(INTERVAL.toMillis());
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private void showOne(RunReference reference) {
		DefinitionHome home = this.services.home(this.common).definition(reference.definition());
		LiveRun live = home.live();
		boolean isLive = live != null && isNamed(live, reference);
		try (OpenedRun opened = OpenedRun.open(this.services, this.common, reference)) {
			if (live != null && isLive && isRunning(opened)) {
				print(this.common.json ? output(live).json().toString() : output(live).text());
			}
			else {
				showEnded(opened);
			}
		}
		catch (DatabaseBusyException ex) {
			if (live == null || !isLive) {
				throw ex;
			}
			print(this.common.json ? output(live).json().toString() : output(live).text());
		}
	}

	private void showEnded(OpenedRun opened) {
		RunReport report = opened.report(this.services.clock().instant());
		AttemptHistory history = new AttemptHistory(opened.ledger().attempts(opened.run().id()));
		print(this.common.json ? json(report, history).toString() : report.toText() + "\n" + history.toText());
	}

	private static boolean isRunning(OpenedRun opened) {
		return opened.run().state() == RunState.RUNNING
				&& opened.database().isOwnedElsewhere(opened.run().id().definition());
	}

	private static ObjectNode json(RunReport report, AttemptHistory history) {
		ObjectNode json = report.json();
		json.put("status", state(report.run()).replace(' ', '_'));
		history.putInto(json.putArray("history"));
		return json;
	}

	private void showAll() {
		List<String> lines = new ArrayList<>();
		ObjectNode json = JSON.createObjectNode();
		json.put("schema", RunReport.SCHEMA);
		ArrayNode runs = json.putArray("runs");
		for (DefinitionHome home : this.services.home(this.common).definitions()) {
			if (home.hasLedger()) {
				lines.add(show(home, runs));
			}
			else if (home.hold().isSet()) {
				lines.add("%-32s %-10s has not run yet%s".formatted(home.name(), "HELD", held(home)));
			}
		}
		if (this.common.json) {
			print(json.toString());
			return;
		}
		if (lines.isEmpty()) {
			lines.add("no definition has run yet in " + this.services.home(this.common).location());
		}
		if (this.services.home(this.common).hold().isSet()) {
			lines.add("all definitions are held; 'kvpurge resume --all' lifts it");
		}
		lines.forEach(this::print);
	}

	private String show(DefinitionHome home, ArrayNode runs) {
		LiveRun live = home.live();
		String held = held(home);
		try (OpenedRun opened = OpenedRun.open(this.services, this.common, new RunReference(home.name(), null))) {
			if (live != null && isRunning(opened)) {
				runs.add(output(live).json());
				return output(live).line() + held;
			}
			Instant now = this.services.clock().instant();
			RunReport report = opened.report(now);
			ObjectNode run = json(report, new AttemptHistory(opened.ledger().attempts(opened.run().id())));
			Trend trend = Trend.of(opened.ledger(), report);
			trend.putInto(run.putArray("earlier"));
			runs.add(run);
			return line(report, trend, now) + held;
		}
		catch (DatabaseBusyException ex) {
			if (live == null) {
				runs.add(Message.object(ExitCode.BUSY, home.name() + ": " + ex.getMessage(), List.of()));
				return "%-32s %-10s another process has its database open%s".formatted(home.name(), "BUSY", held);
			}
			runs.add(output(live).json());
			return output(live).line() + held;
		}
	}

	private static String line(RunReport report, Trend trend, Instant now) {
		EntryCounts counts = report.counts();
		Instant end = report.run().endedAt();
		String age = (end != null) ? AgeText.of(end, now) + " ago" : "cut off; the next 'run' carries on";
		return "%-32s %-10s %s, deleted %,d of %,d matched: %s%s".formatted(report.run().id(), state(report.run()), age,
				counts.deleted(), counts.matched(), report.reason(), trend.text(now));
	}

	private static String held(DefinitionHome home) {
		Hold hold = home.activeHold();
		return (hold != null) ? "  [" + hold.text() + "]" : "";
	}

	/** Nobody owns its definition, so that a run that seems to be running is not. */
	private static String state(PurgeRun run) {
		return (run.state() == RunState.RUNNING) ? "CUT OFF" : run.state().name();
	}

	private LiveRunOutput output(LiveRun live) {
		return new LiveRunOutput(live, this.services.clock().instant());
	}

	private void print(String line) {
		this.services.terminal().out().println(line);
	}

}
