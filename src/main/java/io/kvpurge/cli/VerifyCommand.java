package io.kvpurge.cli;

import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.job.GoneKeys;
import io.kvpurge.job.PurgeJobs;
import io.kvpurge.report.ExitCode;
import io.kvpurge.store.jsonl.EntryWriter;

/** Looks whether what a run deleted is gone. */
@Command(name = "verify", mixinStandardHelpOptions = true, sortOptions = false,
		description = { "Looks in the store for the keys that a run deleted.",
				"Exit status 4 if some are there: written again since, or never gone." },
		footer = { "", "Example:", "  kvpurge verify stale-builds.3" })
final class VerifyCommand implements Callable<Integer> {

	private final CommandServices services;

	@Mixin
	private CommonOptions common = new CommonOptions();

	@Parameters(index = "0", paramLabel = "RUN",
			description = "NAME.N, or the definition's NAME or FILE for its last run.")
	private String run = "";

	VerifyCommand(CommandServices services) {
		this.services = services;
	}

	@Override
	public Integer call() {
		RunReference reference = RunReference.parse(this.run);
		PurgeJobs jobs = this.services.jobs(this.common);
		GoneKeys keys = TerminationSignal.stopping(jobs, () -> jobs.verify(reference.definition(), reference.number()));
		ExitCode exit = (keys.there() == 0) ? ExitCode.COMPLETED : ExitCode.GUARD;
		if (this.common.json) {
			ObjectNode json = Message.object(exit, keys.sentence(), List.of());
			json.put("deleted", keys.gone());
			json.put("there", keys.there());
			ArrayNode sample = json.putArray("sample");
			keys.sample().forEach((key) -> EntryWriter.putKey(sample.addObject(), key));
			this.services.terminal().out().println(json);
		}
		else {
			this.services.terminal().out().println(keys.sentence());
			keys.sample().forEach((key) -> this.services.terminal().out().println("  " + key));
		}
		return exit.status();
	}

}
