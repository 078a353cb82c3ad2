package io.kvpurge.cli;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.ledger.KeyOutcome;
import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.ledger.Verification;
import io.kvpurge.report.ExitCode;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.jsonl.EntryWriter;

/** Shows what the ledger says of a run. */
@Command(name = "audit", description = "Shows the bulk deletes of a run and what became of their keys.")
final class AuditCommand implements Callable<Integer> {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final CommandServices services;

	@Mixin
	private CommonOptions common = new CommonOptions();

	@Parameters(index = "0", paramLabel = "RUN",
			description = "NAME.N, or the definition's NAME or FILE for its last run.")
	private String run = "";

	@Option(names = "--format", paramLabel = "FORMAT", description = "jsonl: one JSON object for each key.")
	private @Nullable Format format;

	@Option(names = "--verify",
			description = "Recompute the hash chain and the seal; exit status 4 if they do not fit.")
	private boolean verify;

	/** Forms of the ledger for machines. */
	enum Format {

		jsonl

	}

	AuditCommand(CommandServices services) {
		this.services = services;
	}

	@Override
	public Integer call() {
		if (this.format != null && (this.common.json || this.verify)) {
			throw new DefinitionException(
					List.of("--format goes with neither --json nor --verify: ask for them one by one"));
		}
		try (OpenedRun opened = OpenedRun.open(this.services, this.common, RunReference.parse(this.run))) {
			if (this.format != null) {
				opened.ledger().calls(opened.run().id(), this::printKeys);
				return ExitCode.COMPLETED.status();
			}
			return show(opened).status();
		}
	}

	private ExitCode show(OpenedRun opened) {
		RunReport report = new RunReport(opened.run(), opened.ledger().totals(opened.run().id()),
				this.services.clock().instant(), List.of());
		Verification verification = (this.verify || this.common.json) ? opened.ledger().verify(opened.run().id())
				: null;
		if (this.common.json) {
			ObjectNode json = (ObjectNode) JSON.readTree(report.toJson());
			if (verification != null) {
				json.putObject("verification")
					.put("intact", verification.isIntact())
					.put("ranges", verification.ranges())
					.put("calls", verification.calls())
					.put("problem", verification.problem());
				if (!verification.isIntact()) {
					json.put("exit", ExitCode.GUARD.status());
				}
			}
			print(json.toString());
		}
		else if (verification == null) {
			print(report.toText());
			print("");
			opened.ledger().calls(opened.run().id(), (call) -> print(line(call)));
		}
		else if (verification.isIntact()) {
			print("%s is intact: %d ranges, %,d calls, %s".formatted(opened.run().id(), verification.ranges(),
					verification.calls(),
					(opened.run().seal() != null) ? "seal " + opened.run().seal() : "not sealed yet"));
		}
		else {
			print(opened.run().id() + " is NOT intact: " + verification.problem());
		}
		boolean broken = verification != null && !verification.isIntact();
		return broken ? ExitCode.GUARD : ExitCode.COMPLETED;
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

	private void printKeys(LedgerCall call) {
		for (int i = 0; i < call.keys().size(); i++) {
			ObjectNode json = JSON.createObjectNode();
			EntryWriter.putKey(json, call.keys().get(i));
			KeyOutcome outcome = (call.settledAt() != null) ? call.outcomes().get(i) : null;
			json.put("outcome", (outcome != null) ? word(outcome.outcome()) : "in-doubt");
			if (outcome != null && outcome.reason() != null) {
				json.put("reason", outcome.reason());
			}
			json.put("run", call.run().toString());
			json.put("range", call.range());
			json.put("call", call.sequence());
			json.put("announced", call.announcedAt().toString());
			json.put("settled", (call.settledAt() != null) ? call.settledAt().toString() : null);
			print(json.toString());
		}
	}

	private void print(String line) {
		this.services.terminal().out().println(line);
	}

}
