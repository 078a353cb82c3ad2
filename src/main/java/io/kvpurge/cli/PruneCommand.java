package io.kvpurge.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.filter.ParameterType;
import io.kvpurge.job.DefinitionHome;
import io.kvpurge.job.Home;
import io.kvpurge.job.PrunedBackups;
import io.kvpurge.ledger.DatabaseBusyException;
import io.kvpurge.ledger.LedgerDatabase;
import io.kvpurge.ledger.PrunedRun;
import io.kvpurge.report.ExitCode;

/** Makes ledgers smaller. */
@Command(name = "prune", description = { "Removes the calls of runs that were done long ago.",
		"The runs, their counts and their seals stay, and can still be verified." })
final class PruneCommand implements Callable<Integer> {

	private final CommandServices services;

	@Mixin
	private CommonOptions common = new CommonOptions();

	@Option(names = "--older-than", paramLabel = "DURATION", required = true,
			description = "Only runs that ended longer ago than that, such as 90d.")
	private String olderThan = "";

	@Parameters(arity = "0..*", paramLabel = "NAME or FILE",
			description = "The definitions; all of this home if none is given.")
	private List<String> names = List.of();

	private final List<String> lines = new ArrayList<>();

	private final List<String> problems = new ArrayList<>();

	private ExitCode code = ExitCode.COMPLETED;

	private long runs;

	private long calls;

	PruneCommand(CommandServices services) {
		this.services = services;
	}

	@Override
	public Integer call() {
		Instant before = before();
		ObjectNode json = Message.object(this.code, "", List.of());
		ArrayNode pruned = json.putArray("pruned");
		for (DefinitionHome definition : definitions()) {
			try {
				List<PrunedRun> runs = prune(definition, before);
				runs.forEach((run) -> show(run, pruned));
				ReportFolder reports = new ReportFolder(this.services.folder(this.common));
				runs.stream()
					.filter((run) -> run.problem() == null)
					.map((run) -> reports.remove(run.run().id()))
					.flatMap(Optional::stream)
					.forEach((line) -> problem(ExitCode.FAILED, line));
				PrunedBackups.remove(definition, runs).forEach((line) -> problem(ExitCode.FAILED, line));
			}
			catch (DatabaseBusyException ex) {
				problem(ExitCode.BUSY, definition.name() + ": " + ex.getMessage());
			}
		}
		String total = "pruned %,d runs, %,d calls".formatted(this.runs, this.calls);
		if (this.common.json) {
			json.put("status", this.code.name()).put("exit", this.code.status()).put("reason", total);
			ArrayNode errors = json.putArray("errors");
			this.problems.forEach(errors::add);
			this.lines.clear();
			this.lines.add(json.toString());
		}
		else {
			this.lines.add(total);
		}
		this.lines.forEach(this.services.terminal().out()::println);
		this.problems.forEach((line) -> this.services.terminal().err().println("kvpurge: " + line));
		return this.code.status();
	}

	private Instant before() {
		Instant now = this.services.clock().instant();
		try {
			Duration age = ParameterType.duration(this.olderThan);
			if (!age.isNegative()) {
				return now.minus(age);
			}
		}
		catch (IllegalArgumentException | ArithmeticException | DateTimeException ex) {
			// Said below.
		}
		throw new DefinitionException(
				List.of("--older-than is '" + this.olderThan + "': expected a duration such as 90d, 12h or P90D"));
	}

	/** All that are named must be there, before anything is removed. */
	private List<DefinitionHome> definitions() {
		Home home = this.services.home(this.common);
		if (this.names.isEmpty()) {
			return home.definitions().stream().filter(DefinitionHome::hasLedger).toList();
		}
		List<DefinitionHome> definitions = new ArrayList<>();
		for (String name : this.names) {
			RunReference reference = RunReference.parse(name);
			if (reference.number() != null) {
				throw new DefinitionException(
						List.of("'" + name + "' is one run: name the definition, and how old its runs must be"));
			}
			DefinitionHome definition = home.definition(reference.definition());
			if (!definition.hasLedger()) {
				throw new DefinitionException(
						List.of("there is no run of " + reference.definition() + " in " + home.location()));
			}
			definitions.add(definition);
		}
		return definitions;
	}

	/** Sealed runs have no owner: where a database is shared, others may go on. */
	private static List<PrunedRun> prune(DefinitionHome definition, Instant before) {
		try (LedgerDatabase database = definition.read()) {
			List<PrunedRun> pruned = database.ledger().prune(definition.name(), before);
			if (pruned.stream().anyMatch((run) -> run.problem() == null)) {
				database.compact();
			}
			return pruned;
		}
	}

	private void show(PrunedRun pruned, ArrayNode json) {
		String id = pruned.run().id().toString();
		if (pruned.problem() != null) {
			problem(ExitCode.GUARD, id + " is left alone, as it is not intact: " + pruned.problem());
			return;
		}
		this.runs++;
		this.calls += pruned.calls();
		this.lines.add("%s: pruned %,d calls; it ended at %s".formatted(id, pruned.calls(), pruned.run().endedAt()));
		json.addObject()
			.put("run", id)
			.put("calls", pruned.calls())
			.put("endedAt", String.valueOf(pruned.run().endedAt()));
	}

	/** That a person is needed is worth more than that trying again helps. */
	private void problem(ExitCode wanted, String line) {
		this.code = (this.code == ExitCode.GUARD) ? this.code : wanted;
		this.problems.add(line);
	}

}
