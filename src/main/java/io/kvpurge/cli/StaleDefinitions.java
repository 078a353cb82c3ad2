package io.kvpurge.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.definition.AdHocDefinition;
import io.kvpurge.job.DefinitionHome;
import io.kvpurge.job.Home;
import io.kvpurge.job.LiveRun;
import io.kvpurge.ledger.DatabaseBusyException;
import io.kvpurge.ledger.LedgerDatabase;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.ExitCode;

/**
 * Looks which definitions have not been completed for too long, for whoever watches over
 * schedulers. What was begun without a definition's file is not expected to come again,
 * and what only made plans has nothing to complete.
 */
final class StaleDefinitions {

	private final Home home;

	private final Duration longest;

	private final Instant now;

	private final List<Stale> found = new ArrayList<>();

	private int looked;

	/**
	 * @param longest how long ago a definition may have been completed
	 */
	StaleDefinitions(Home home, Duration longest, Instant now) {
		this.home = home;
		this.longest = longest;
		this.now = now;
	}

	/**
	 * Looks at one, or at all that are expected to come again.
	 * @param name the definition, null for all
	 */
	StaleDefinitions look(@Nullable String name) {
		if (name != null) {
			look(this.home.definition(name), true);
			return this;
		}
		this.home.definitions()
			.stream()
			.filter((definition) -> !definition.name().startsWith(AdHocDefinition.PREFIX))
			.sorted(Comparator.comparing(DefinitionHome::name))
			.forEach((definition) -> look(definition, false));
		return this;
	}

	private void look(DefinitionHome definition, boolean named) {
		if (!definition.hasLedger()) {
			if (named) {
				add(definition, null, "has not run yet");
			}
			return;
		}
		try (LedgerDatabase database = definition.read()) {
			judge(definition, database.ledger().runs(definition.name()), named);
		}
		catch (DatabaseBusyException ex) {
			// It is running: then what counts is since when.
			LiveRun live = definition.live();
			this.looked++;
			if (live != null && isTooOld(live.startedAt())) {
				add(definition, null, live.run() + " runs since " + live.startedAt());
			}
		}
	}

	private void judge(DefinitionHome definition, List<PurgeRun> runs, boolean named) {
		List<PurgeRun> purges = runs.stream().filter((run) -> run.identity().mode().deletes()).toList();
		if (purges.isEmpty() && !named) {
			return;
		}
		this.looked++;
		Instant completed = purges.stream()
			.filter((run) -> run.state() == RunState.COMPLETED)
			.map(PurgeRun::endedAt)
			.filter(Objects::nonNull)
			.max(Comparator.naturalOrder())
			.orElse(null);
		if (completed == null || isTooOld(completed)) {
			add(definition, completed,
					(completed != null) ? "was completed last at " + completed : "has never been completed");
		}
	}

	private boolean isTooOld(Instant instant) {
		return Duration.between(instant, this.now).compareTo(this.longest) > 0;
	}

	private void add(DefinitionHome definition, @Nullable Instant completed, String since) {
		this.found.add(new Stale(definition.name(), completed, definition.name() + " " + since));
	}

	ExitCode exitCode() {
		return this.found.isEmpty() ? ExitCode.COMPLETED : ExitCode.FAILED;
	}

	/** A line for each; one line if there is none. */
	List<String> lines() {
		return this.found.isEmpty() ? List.of(summary()) : this.found.stream().map(Stale::line).toList();
	}

	private String summary() {
		return this.found.isEmpty() ? "completed in time: %d definitions".formatted(this.looked)
				: "not completed in time: %d of %d definitions".formatted(this.found.size(),
						Math.max(this.looked, this.found.size()));
	}

	ObjectNode json() {
		ObjectNode json = Message.object(exitCode(), summary(), List.of());
		ArrayNode stale = json.putArray("stale");
		for (Stale definition : this.found) {
			stale.addObject()
				.put("definition", definition.name())
				.put("completed", (definition.completed() != null) ? definition.completed().toString() : null)
				.put("reason", definition.line());
		}
		return json;
	}

	private record Stale(String name, @Nullable Instant completed, String line) {
	}

}
