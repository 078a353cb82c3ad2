package io.kvpurge.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.definition.Settings;
import io.kvpurge.definition.Window;
import io.kvpurge.job.Hold;
import io.kvpurge.job.Home;
import io.kvpurge.ledger.LedgerException;
import io.kvpurge.report.ExitCode;

/** Looks at everything that a run needs, before there is a run. */
@Command(name = "doctor", sortOptions = false,
		description = { "Checks all that a run of a definition needs, and says what to mend.",
				"Exit status 2 if a person must mend something, 1 if it may pass by itself." },
		footer = { "", "Example:", "  kvpurge doctor sessions.yaml --try-delete" })
final class DoctorCommand implements Callable<Integer> {

	private final CommandServices services;

	@Mixin
	private CommonOptions common = new CommonOptions();

	@Mixin
	private ParameterOptions parameters = new ParameterOptions();

	@Option(names = "--try-delete",
			description = "Also send the delete of a key that there is not, to see whether deletes are allowed.")
	private boolean triesDelete;

	@Option(names = "--workers", description = "Also look at what 'run --workers' needs.")
	private boolean workers;

	@Parameters(index = "0", paramLabel = "FILE", description = "The definition.")
	private Path file = Path.of("");

	private final List<Finding> findings = new ArrayList<>();

	DoctorCommand(CommandServices services) {
		this.services = services;
	}

	@Override
	public Integer call() {
		Settings settings = settings();
		PurgeDefinition definition = definition();
		HomeCheck homeCheck = new HomeCheck(this.services.clock());
		boolean shared = Homes.database(this.services.environment()) != null;
		if (!shared) {
			this.findings.addAll(homeCheck.folder(this.services.folder(this.common)));
		}
		try {
			Home home = this.services.home(this.common);
			this.findings.addAll(homeCheck.database(home, (definition != null) ? definition.name() : null, shared));
			if (definition != null) {
				hold(home.definition(definition.name()).activeHold());
				if (this.workers || definition.partitioning().onWorkers()) {
					this.findings.addAll(new WorkersFindings(definition, home, settings).findings());
				}
			}
		}
		catch (LedgerException ex) {
			this.findings.add(HomeCheck.failure(ex));
		}
		if (definition != null) {
			this.findings.addAll(
					new StoreCheck(definition, this.services.environment(), settings.requestTimeout(), this.triesDelete)
						.findings());
			limits(definition);
		}
		return show();
	}

	private Settings settings() {
		try {
			Settings settings = this.services.settings(this.common);
			this.findings.add(Finding.good("configuration",
					settings.protect().size() + " protected prefixes, " + settings.stores().size() + " stores"));
			// Says what is wrong with them, as a run would.
			this.services.telling(this.common);
			return settings;
		}
		catch (DefinitionException ex) {
			ex.problems().forEach((problem) -> this.findings.add(Finding.bad("configuration", problem)));
			return Settings.DEFAULT;
		}
	}

	private @Nullable PurgeDefinition definition() {
		try {
			PurgeDefinition definition = new DefinitionReader().read(this.file);
			definition.requireGuard();
			this.findings.add(Finding.good("definition", definition.name()));
			parameters(definition);
			return definition;
		}
		catch (DefinitionException ex) {
			ex.problems().forEach((problem) -> this.findings.add(Finding.bad("definition", problem)));
			return null;
		}
	}

	/** What is checked here needs no parameter, so none need be given. */
	private void parameters(PurgeDefinition definition) {
		try {
			definition.bind(this.parameters.values(this.services.terminal().in()));
			if (this.parameters.areGiven()) {
				this.findings.add(Finding.good("parameters", "as the definition wants them"));
			}
		}
		catch (DefinitionException ex) {
			ex.problems()
				.forEach((problem) -> this.findings.add(this.parameters.areGiven() ? Finding.bad("parameters", problem)
						: Finding.note("parameters", problem)));
		}
	}

	private void hold(@Nullable Hold hold) {
		if (hold != null) {
			this.findings.add(Finding.note("hold", hold.text() + ": 'kvpurge resume' lifts it"));
		}
	}

	private void limits(PurgeDefinition definition) {
		Long most = definition.limits().maxDeletes();
		this.findings.add((most != null) ? Finding.good("limits", "at most %,d deletes".formatted(most))
				: Finding.note("limits", "no 'limits.max-deletes': a run deletes as many keys as match"));
		Window window = definition.limits().window();
		if (window != null && !window.contains(this.services.clock().instant())) {
			this.findings.add(Finding.note("window",
					window + " is closed now: it opens " + window.opensAfter(this.services.clock().instant())));
		}
	}

	private int show() {
		Finding.Level worst = this.findings.stream()
			.map(Finding::level)
			.max(Finding.Level::compareTo)
			.orElse(Finding.Level.OK);
		ExitCode exit = switch (worst) {
			case OK, NOTE -> ExitCode.COMPLETED;
			case LATER -> ExitCode.FAILED;
			case BAD -> ExitCode.USAGE;
		};
		List<String> problems = this.findings.stream()
			.filter((finding) -> finding.level().compareTo(Finding.Level.LATER) >= 0)
			.map((finding) -> finding.subject() + ": " + finding.text())
			.toList();
		String summary = problems.isEmpty() ? "a run can go" : problems.size() + " to mend before a run can go";
		if (this.common.json) {
			ObjectNode json = Message.object(exit, summary, problems);
			ArrayNode checks = json.putArray("checks");
			this.findings.forEach((finding) -> checks.addObject()
				.put("check", finding.subject())
				.put("level", finding.level().name().toLowerCase(Locale.ROOT))
				.put("text", finding.text()));
			this.services.terminal().out().println(json);
		}
		else {
			this.findings.forEach((finding) -> this.services.terminal().out().println(finding));
			this.services.terminal().out().println(summary);
		}
		return exit.status();
	}

}
