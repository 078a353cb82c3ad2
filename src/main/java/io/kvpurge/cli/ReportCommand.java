package io.kvpurge.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.report.ExitCode;
import io.kvpurge.report.RunDetails;
import io.kvpurge.report.RunPage;

/** Draws a run of the past. */
@Command(name = "report",
		description = { "Draws a run, plan or restore as one page of HTML, or as JSON.",
				"Each run writes its page to HOME/reports by itself when it ends." },
		footer = { "", "Examples:", "  kvpurge report sessions.7 --html sessions.html",
				"  kvpurge report sessions --json" })
final class ReportCommand implements Callable<Integer> {

	private final CommandServices services;

	@Mixin
	private CommonOptions common = new CommonOptions();

	@Parameters(index = "0", paramLabel = "RUN",
			description = "NAME.N, or the definition's NAME or FILE for its last run.")
	private String run = "";

	@Option(names = "--html", paramLabel = "FILE",
			description = "Where to write the page (default: its place in HOME/reports).")
	private @Nullable Path html;

	ReportCommand(CommandServices services) {
		this.services = services;
	}

	@Override
	public Integer call() {
		if (this.html != null && this.common.json) {
			throw new DefinitionException(List.of("--html and --json do not go together: ask one by one"));
		}
		try (OpenedRun opened = OpenedRun.open(this.services, this.common, RunReference.parse(this.run))) {
			RunDetails details = RunDetails.of(opened.report(this.services.clock().instant()), opened.ledger());
			if (this.common.json) {
				this.services.terminal().out().println(details.toJson());
			}
			else {
				Path file = (this.html != null) ? this.html
						: new ReportFolder(this.services.folder(this.common)).file(opened.run().id());
				write(details, file);
				this.services.terminal().out().println(file);
			}
		}
		return ExitCode.COMPLETED.status();
	}

	private static void write(RunDetails details, Path file) {
		try {
			new RunPage(details).write(file);
		}
		catch (IOException ex) {
			throw new DefinitionException(List.of("cannot write " + file + ": " + Message.why(ex)));
		}
	}

}
