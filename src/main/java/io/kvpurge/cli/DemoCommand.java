package io.kvpurge.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.definition.DefinitionException;
import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.job.Home;
import io.kvpurge.job.PurgeJobs;
import io.kvpurge.job.RunRequest;
import io.kvpurge.ledger.KeyOutcome;
import io.kvpurge.ledger.LedgerDatabase;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.report.ExitCode;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyValueStore;

/** Shows a purge of real data. */
@Command(name = "demo", description = { "Loads 26,341 real entries into an H2 table and purges them by jobs/demo.yaml.",
		"Its home is target/demo, or kvpurge-demo where kvpurge is installed, unless --home is given." })
final class DemoCommand implements Callable<Integer> {

	private static final String DEFINITION = "/jobs/demo.yaml";

	private static final String ENTRIES = "/demo/site-assets.jsonl.gz";

	private static final String HOME_VARIABLE = "DEMO_HOME";

	/** Where kvpurge is installed; the script that starts it there says so. */
	private static final String INSTALLATION = "KVPURGE_INSTALLATION";

	private static final int EXAMPLES = 3;

	private final CommandServices services;

	@Mixin
	private CommonOptions common = new CommonOptions();

	@Mixin
	private ProgressOptions progress = new ProgressOptions();

	DemoCommand(CommandServices services) {
		this.services = services;
	}

	@Override
	public Integer call() throws IOException {
		if (this.common.home == null) {
			this.common.home = (installation() != null) ? Path.of("kvpurge-demo") : Path.of("target", "demo");
		}
		Path folder = this.services.folder(this.common);
		UnaryOperator<@Nullable String> variables = (name) -> HOME_VARIABLE.equals(name) ? folder.toString()
				: this.services.environment().apply(name);
		PurgeDefinition definition = new DefinitionReader().read(definitionText(), "jobs/demo.yaml");
		make(folder);
		// In the folder, even where other definitions share a database.
		Home home = Home.inFolder(folder, this.services.clock());
		PrintStream say = this.common.json ? this.services.terminal().err() : this.services.terminal().out();
		boolean first = !home.definition(definition.name()).hasLedger();
		if (first) {
			load(definition, variables, say);
		}
		say.println("rule     " + definition.where().parsed());
		say.println("keep     " + ((definition.keep() != null) ? definition.keep().parsed() : "nothing"));
		RunReport report = run(definition.bind(Map.of()), home, variables);
		if (report.exitCode() == ExitCode.COMPLETED) {
			explain(report, home, folder, say);
		}
		return report.exitCode().status();
	}

	private @Nullable String installation() {
		return this.services.environment().apply(INSTALLATION);
	}

	private static void make(Path folder) {
		try {
			Files.createDirectories(folder);
		}
		catch (IOException ex) {
			throw new DefinitionException(List.of("cannot write to " + folder + ": name another home with --home"));
		}
	}

	private void load(PurgeDefinition definition, UnaryOperator<@Nullable String> variables, PrintStream say) {
		EntryLoading loading = new EntryLoading(new Resource());
		long total = loading.check();
		try (KeyValueStore store = definition.store().create(variables)) {
			try (LoadDisplay display = this.progress.loadDisplay(this.services.terminal(), total)) {
				loading.load(store, display::show);
			}
			say.println("loaded   %,d entries into %s".formatted(total, store.identity()));
		}
	}

	private RunReport run(BoundDefinition bound, Home home, UnaryOperator<@Nullable String> variables) {
		PurgeJobs jobs = new PurgeJobs(home, this.services.settings(this.common), variables, this.services.origin(),
				this.services.clock());
		RunRequest request = new RunRequest(bound, RunMode.PURGE, false);
		RunReport report;
		try (RunOutput output = new RunOutput(this.services.terminal(), home.location(), this.progress,
				RunTelling.quiet(this.services.terminal().err(), new ReportFolder(this.services.folder(this.common)),
						this.services.clock()))) {
			report = TerminationSignal.stopping(jobs, () -> jobs.run(request, output.listener()));
		}
		return RunOutput.show(this.services.terminal(), this.common.json, report);
	}

	private void explain(RunReport report, Home home, Path folder, PrintStream say) {
		say.println();
		if (report.counts().matched() == 0) {
			say.println("Nothing is left to do: no key matches any more. To begin anew, delete " + folder);
		}
		else {
			say.println("for example, these are gone:");
			examples(report, home).forEach((key) -> say.println("  " + key));
		}
		String installed = installation();
		String kvpurge = (installed != null) ? quoted(installed + "/bin/kvpurge") + " "
				: "java -jar target/kvpurge.jar ";
		String definition = (installed != null) ? quoted(installed + "/jobs/demo.yaml") : "jobs/demo.yaml";
		String root = quoted(folder.toString());
		String there = " --home " + root;
		say.println();
		say.println("The ledger is " + ledger(report, home) + ". Try next:");
		say.println("  " + kvpurge + "audit demo --verify" + there);
		say.println("  " + kvpurge + "audit demo --format jsonl" + there + " | head -3");
		say.println("  " + kvpurge + "status demo" + there);
		say.println("  " + HOME_VARIABLE + "=" + root + " " + kvpurge + "run " + definition + " --json" + there);
	}

	private static String ledger(RunReport report, Home home) {
		try (LedgerDatabase database = home.definition(report.run().id().definition()).read()) {
			return database.location();
		}
	}

	/** As a shell wants it. */
	private static String quoted(String path) {
		return path.matches("[A-Za-z0-9/._-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
	}

	private static List<Key> examples(RunReport report, Home home) {
		List<Key> keys = new ArrayList<>();
		RunReference reference = new RunReference(report.run().id().definition(), report.run().id().number());
		try (OpenedRun opened = OpenedRun.open(home, reference)) {
			opened.ledger().calls(report.run().id(), (call) -> {
				for (int i = 0; i < call.outcomes().size() && keys.size() < EXAMPLES; i++) {
					KeyOutcome outcome = call.outcomes().get(i);
					if (outcome.outcome() == Outcome.DELETED) {
						keys.add(call.keys().get(i));
					}
				}
			});
		}
		return keys;
	}

	private static String definitionText() throws IOException {
		try (InputStream stream = resource(DEFINITION)) {
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	private static InputStream resource(String name) {
		InputStream stream = DemoCommand.class.getResourceAsStream(name);
		if (stream == null) {
			throw new IllegalStateException("the jar lacks " + name);
		}
		return stream;
	}

	private static final class Resource implements EntryLoading.Source {

		@Override
		public String name() {
			return ENTRIES.substring(1);
		}

		@Override
		public InputStream open() {
			return resource(ENTRIES);
		}

	}

}
