package io.kvpurge.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunExport;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.Verification;
import io.kvpurge.report.ExitCode;

/** Shows what the ledger says of a run. */
@Command(name = "audit", description = "Shows the bulk deletes of a run and what became of their keys.")
final class AuditCommand implements Callable<Integer> {

	private final CommandServices services;

	@Mixin
	private CommonOptions common = new CommonOptions();

	@Parameters(index = "0", paramLabel = "RUN",
			description = { "NAME.N, or the definition's NAME or FILE for its last run;",
					"with --verify also a FILE that --export wrote." })
	private String run = "";

	@Option(names = "--format", paramLabel = "FORMAT",
			description = "csv or jsonl: each key, what became of it, and who had it deleted by which rule.")
	private @Nullable KeyFormat format;

	@Option(names = "--verify",
			description = "Recompute the hash chain and the seal; exit status 4 if they do not fit.")
	private boolean verify;

	@Option(names = "--export", paramLabel = "FILE",
			description = "Write the run into a new file, which --verify reads anywhere (*.gz: deflated).")
	private @Nullable Path export;

	AuditCommand(CommandServices services) {
		this.services = services;
	}

	@Override
	public Integer call() {
		refuseMixture();
		if (this.verify && namesFile()) {
			Path file = Path.of(this.run);
			return show(new VerificationOutput(file.toString(), new RunExport(file).verify())).status();
		}
		RunReference reference = RunReference.parse(this.run);
		try (OpenedRun opened = OpenedRun.open(this.services, this.common, reference)) {
			return audit(opened).status();
		}
		catch (IllegalArgumentException ex) {
			String problem = "its row cannot be read: " + ex.getMessage();
			return show(new VerificationOutput(this.run, new Verification(null, 0, 0, null, problem))).status();
		}
	}

	private void refuseMixture() {
		int wanted = (this.format != null ? 1 : 0) + (this.verify ? 1 : 0) + (this.export != null ? 1 : 0);
		if (wanted > 1) {
			throw new DefinitionException(
					List.of("--format, --verify and --export do not go together: ask one by one"));
		}
		KeyFormat.refuseJson(this.format, this.common);
	}

	/** Whether what is to be verified is an exported run, or can be nothing else. */
	private boolean namesFile() {
		boolean isRun = this.run.matches("[^/]+\\.[1-9][0-9]{0,8}");
		boolean isDefinition = this.run.endsWith(".yaml") || this.run.endsWith(".yml");
		return !isRun && (new RunExport(Path.of(this.run)).isExport()
				|| (!isDefinition && (this.run.contains("/") || this.run.contains("."))));
	}

	private ExitCode audit(OpenedRun opened) {
		RunId id = opened.run().id();
		if (this.format != null) {
			if (opened.run().prunedAt() != null) {
				this.services.terminal().err().println("kvpurge: " + pruned(opened.run()));
			}
			this.format.write(this.services.terminal().out(), opened);
			return ExitCode.COMPLETED;
		}
		if (this.export != null) {
			RunExport target = new RunExport(this.export);
			opened.ledger().export(id, target);
			return show(new VerificationOutput(this.export.toString(), target.verify()));
		}
		if (this.verify || this.common.json) {
			return verified(opened, new VerificationOutput(id.toString(), opened.ledger().verify(id)));
		}
		print(opened.report(this.services.clock().instant()).toText());
		print("");
		if (opened.run().prunedAt() != null) {
			print(pruned(opened.run()));
		}
		opened.ledger().calls(id, (call) -> print(line(call)));
		return ExitCode.COMPLETED;
	}

	private static String pruned(PurgeRun run) {
		return "the calls of " + run.id() + " were pruned on " + run.prunedAt();
	}

	/** A ledger that is not intact may be one of which no report can be made. */
	private ExitCode verified(OpenedRun opened, VerificationOutput output) {
		if (!this.common.json || !output.verification().isIntact()) {
			return show(output);
		}
		ObjectNode json = opened.report(this.services.clock().instant()).json();
		output.putInto(json);
		print(json.toString());
		return output.exitCode();
	}

	private ExitCode show(VerificationOutput output) {
		print(this.common.json ? output.json().toString() : output.text());
		return output.exitCode();
	}

	private static String line(LedgerCall call) {
		String what = "range %d call %d (attempt %d): announced %s, ".formatted(call.range(), call.sequence(),
				call.attempt(), call.announcedAt());
		if (call.settledAt() == null) {
			return what + "in doubt, %,d keys".formatted(call.keys().size());
		}
		StringBuilder text = new StringBuilder(what).append("settled ").append(call.settledAt());
		for (Outcome outcome : Outcome.values()) {
			long count = call.outcomes().stream().filter((key) -> key.outcome() == outcome).count();
			if (count > 0) {
				text.append(", ").append(String.format("%,d ", count)).append(word(outcome));
			}
		}
		return text.toString();
	}

	private static String word(Outcome outcome) {
		return outcome.name().toLowerCase(Locale.ROOT);
	}

	private void print(String line) {
		this.services.terminal().out().println(line);
	}

}
