package io.kvpurge.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.definition.DefinitionException;
import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.report.ExitCode;
import io.kvpurge.store.Key;
import io.kvpurge.store.jsonl.EntryWriter;

/** Says what became of one key, and what would become of it. */
@Command(name = "explain", description = "Says which runs deleted a key, or what the rule says of it now, and why.")
final class ExplainCommand implements Callable<Integer> {

	private static final JsonMapper JSON = JsonMapper.shared();

	private final CommandServices services;

	@Mixin
	private CommonOptions common = new CommonOptions();

	@Mixin
	private DefinitionOptions definition = new DefinitionOptions();

	@Parameters(index = "1", arity = "0..1", paramLabel = "KEY", description = "The key.")
	private @Nullable String key;

	@Option(names = "--key64", paramLabel = "BASE64", description = "In place of KEY: its bytes, where it is no text.")
	private @Nullable String key64;

	ExplainCommand(CommandServices services) {
		this.services = services;
	}

	@Override
	public Integer call() {
		Key wanted = wanted();
		BoundDefinition bound = this.definition.bound(this.services.settings(this.common), this.services.environment(),
				this.services.terminal().in());
		Past past = past(bound.definition().name(), wanted);
		KeyJudgement now = KeyJudgement.of(bound, wanted, this.services.environment(), this.services.clock().instant(),
				this.services.settings(this.common).protect());
		if (this.common.json) {
			print(json(bound, wanted, past, now).toString());
		}
		else {
			text(bound, wanted, past, now).forEach(this::print);
		}
		return exit(now).status();
	}

	private static ExitCode exit(KeyJudgement now) {
		return now.isKnown() ? ExitCode.COMPLETED : ExitCode.FAILED;
	}

	private Key wanted() {
		if (this.definition.file == null || (this.key == null) == (this.key64 == null)) {
			throw problem("what to explain is missing: give FILE, and KEY or --key64");
		}
		try {
			return (this.key64 != null) ? Key.ofBase64(this.key64) : Key.of(String.valueOf(this.key));
		}
		catch (IllegalArgumentException ex) {
			throw problem(((this.key64 != null) ? "--key64: is no base64: " : "KEY: ") + ex.getMessage());
		}
	}

	/**
	 * Looks through the calls of all runs, one at a time.
	 * @throws io.kvpurge.ledger.DatabaseBusyException if the definition is running and
	 * its ledger cannot be read meanwhile
	 */
	private Past past(String name, Key wanted) {
		if (!this.services.home(this.common).definition(name).hasLedger()) {
			return new Past(0, List.of(), List.of());
		}
		List<Map<String, @Nullable Object>> calls = new ArrayList<>();
		List<PurgeRun> pruned = new ArrayList<>();
		try (OpenedRun opened = OpenedRun.open(this.services, this.common, new RunReference(name, null))) {
			DeletionLedger ledger = opened.ledger();
			List<PurgeRun> runs = ledger.runs(name);
			for (PurgeRun run : runs) {
				CallFields fields = new CallFields(run, ledger.attempts(run.id()));
				ledger.outcomes(run, (call) -> collect(call, wanted, fields, calls));
				if (run.prunedAt() != null) {
					pruned.add(run);
				}
			}
			return new Past(runs.size(), calls, pruned);
		}
	}

	private static void collect(LedgerCall call, Key wanted, CallFields fields,
			List<Map<String, @Nullable Object>> calls) {
		int index = call.keys().indexOf(wanted);
		if (index >= 0) {
			calls.add(fields.of(call, index));
		}
	}

	private static List<String> text(BoundDefinition bound, Key wanted, Past past, KeyJudgement now) {
		List<String> lines = new ArrayList<>();
		String digest = digest(bound.definition());
		lines.add(wanted + " and the definition " + bound.definition().name());
		for (Map<String, @Nullable Object> call : past.calls()) {
			lines.add(line(call, digest));
		}
		past.pruned()
			.forEach((run) -> lines
				.add("  %s: its calls were pruned on %s; whether it deleted the key is not known any more"
					.formatted(run.id(), run.prunedAt())));
		if (past.runs() == 0) {
			lines.add("  the definition has not run yet");
		}
		else if (past.calls().isEmpty()) {
			lines.add("  it stands in no call of the runs whose calls are there (%d of %d)"
				.formatted(past.runs() - past.pruned().size(), past.runs()));
		}
		lines.add("  now: " + now.sentence());
		return lines;
	}

	/** Keys that cannot be read hide nothing of what happened. */
	private static String digest(PurgeDefinition definition) {
		try {
			return definition.digestWithKeys();
		}
		catch (DefinitionException ex) {
			return definition.digest();
		}
	}

	private static String line(Map<String, @Nullable Object> call, String digest) {
		String reason = (call.get("reason") != null) ? " (" + call.get("reason") + ")" : "";
		String settled = (call.get("settled") != null) ? ", settled " + call.get("settled") : "";
		String rule = digest.equals(call.get("digest")) ? "by the definition as it is now"
				: "by an earlier definition, digest " + call.get("digest");
		return "  %s: %s%s by range %s call %s (attempt %s), announced %s%s, %s, launched by %s on %s (version %s)"
			.formatted(call.get("run"), call.get("outcome"), reason, call.get("range"), call.get("call"),
					call.get("attempt"), call.get("announced"), settled, rule, call.get("launchedBy"), call.get("host"),
					call.get("version"));
	}

	private static ObjectNode json(BoundDefinition bound, Key wanted, Past past, KeyJudgement now) {
		ObjectNode json = Message.object(exit(now), now.sentence(),
				now.isKnown() ? List.of() : List.of(now.sentence()));
		json.put("definition", bound.definition().name());
		json.put("digest", digest(bound.definition()));
		EntryWriter.putKey(json, wanted);
		json.put("runs", past.runs());
		ArrayNode pruned = json.putArray("prunedRuns");
		past.pruned().forEach((run) -> pruned.add(run.id().toString()));
		json.set("calls", JSON.valueToTree(past.calls()));
		json.putObject("now").put("verdict", now.verdict()).put("reason", now.reason());
		return json;
	}

	private void print(String line) {
		this.services.terminal().out().println(line);
	}

	private static DefinitionException problem(String line) {
		return new DefinitionException(List.of(line));
	}

	/**
	 * What the ledger says of a key.
	 *
	 * @param runs how many runs the definition has
	 * @param calls the calls in which the key stands, those of the newest run first
	 * @param pruned the runs whose calls are not there any more
	 */
	private record Past(int runs, List<Map<String, @Nullable Object>> calls, List<PurgeRun> pruned) {

	}

}
