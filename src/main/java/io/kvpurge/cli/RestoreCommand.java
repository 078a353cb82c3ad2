package io.kvpurge.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.job.PurgeJobs;
import io.kvpurge.job.RestorePreview;
import io.kvpurge.job.RestoreRequest;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.report.ExitCode;
import io.kvpurge.report.RunReport;

/** Puts back what a run deleted. */
@Command(name = "restore", mixinStandardHelpOptions = true, sortOptions = false,
		description = { "Puts back what a run deleted, from the backup that it made ('backup: true').",
				"Keys that are there again stay as they are; what has expired since is left out." },
		footer = { "", "Examples:", "  kvpurge restore stale-builds.3 --dry-run",
				"  kvpurge restore stale-builds.3 --where \"key.startsWith('build/4')\"",
				"  kvpurge restore stale-builds.3 --into jobs/other-store.yaml", "",
				"It is a run of its own: one that was cut off is carried on with by the same command.",
				"Stop and mend the definition first: its next run deletes the same entries again." })
final class RestoreCommand implements Callable<Integer> {

	private final CommandServices services;

	@Mixin
	private CommonOptions common = new CommonOptions();

	@Parameters(index = "0", paramLabel = "RUN",
			description = "NAME.N, or the definition's NAME or FILE for its last run that deleted anything.")
	private String run = "";

	@Option(names = "--where", paramLabel = "RULE", description = "Only what this rule selects.")
	private @Nullable String where;

	@Option(names = "--overwrite", description = "Replace keys that are there again.")
	private boolean overwrite;

	@Option(names = "--into", paramLabel = "FILE",
			description = "Write to the store of this definition, which may be another one.")
	private @Nullable Path into;

	@Option(names = "--dry-run", description = "Read the whole backup, say what would be restored, and write nothing.")
	private boolean dryRun;

	@Option(names = "--wait", paramLabel = "DURATION",
			description = "Wait so long, 30m say, while another process runs the definition.")
	private @Nullable String wait;

	@Option(names = "--yes", description = "Do not ask on a terminal.")
	private boolean yes;

	@Mixin
	private ProgressOptions progress = new ProgressOptions();

	RestoreCommand(CommandServices services) {
		this.services = services;
	}

	@Override
	public Integer call() {
		Terminal terminal = this.services.terminal();
		RunReference reference = RunReference.parse(this.run);
		PurgeDefinition target = (this.into != null) ? new DefinitionReader().read(this.into) : null;
		RestoreRequest request = new RestoreRequest(reference.definition(), reference.number(), this.where,
				this.overwrite, target, LaunchOptions.patience(this.wait));
		boolean asks = !this.yes && terminal.interactive();
		if (this.dryRun || asks) {
			PurgeJobs jobs = this.services.jobs(this.common);
			RestorePreview preview = TerminationSignal.stopping(jobs, () -> jobs.preview(request));
			if (this.dryRun) {
				return show(preview).status();
			}
			lines(preview).lines().forEach(terminal.err()::println);
			if (!new Confirmation(terminal)
				.given("Restore %,d entries into %s?".formatted(preview.counts().deleted(), preview.store()))) {
				new Message(terminal, this.common.json).show(ExitCode.STOPPED, "declined: nothing was written");
				return ExitCode.STOPPED.status();
			}
		}
		RunReport report = new Launch(this.services, this.common, this.progress).restore(request);
		return RunOutput.show(terminal, this.common.json, report).exitCode().status();
	}

	private ExitCode show(RestorePreview preview) {
		ExitCode exit = (preview.counts().refused() > 0) ? ExitCode.REFUSED : ExitCode.COMPLETED;
		if (!this.common.json) {
			this.services.terminal().out().println(lines(preview));
			return exit;
		}
		EntryCounts counts = preview.counts();
		ObjectNode json = Message.object(exit, "dry run: nothing was written", List.of());
		json.put("restores", preview.run().toString());
		json.put("store", preview.store());
		json.put("listed", counts.listed());
		json.put("unmatched", counts.unmatched());
		json.put("undecided", counts.undecided());
		json.put("matched", counts.matched());
		json.put("restorable", counts.deleted());
		json.put("existing", counts.spared());
		json.put("expired", counts.vanished());
		json.put("refused", counts.refused());
		ObjectNode reasons = json.putObject("reasons");
		preview.reasons().forEach(reasons::put);
		preview.refused().forEach(reasons::put);
		this.services.terminal().out().println(json);
		return exit;
	}

	private static String lines(RestorePreview preview) {
		EntryCounts counts = preview.counts();
		StringBuilder text = new StringBuilder(
				"%s: restoring it into %s would do this%n".formatted(preview.run(), preview.store()));
		line(text, "deleted", counts.listed());
		line(text, "unmatched", counts.unmatched());
		line(text, "undecided", counts.undecided());
		reasons(text, preview.reasons());
		line(text, "restorable", counts.deleted());
		line(text, "existing", counts.spared());
		line(text, "expired", counts.vanished());
		line(text, "refused", counts.refused());
		reasons(text, preview.refused());
		return text.toString().stripTrailing();
	}

	private static void reasons(StringBuilder text, Map<String, Long> reasons) {
		reasons.forEach((why, number) -> text.append("             %,d: %s%n".formatted(number, why)));
	}

	private static void line(StringBuilder text, String name, long number) {
		text.append("  %-10s %,d%n".formatted(name, number));
	}

}
