package io.kvpurge.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.filter.Rule;
import io.kvpurge.given.KeyFile;
import io.kvpurge.report.ExitCode;

/** Looks whether definitions can be used. */
@Command(name = "validate", description = "Checks definitions and shows their rules as parsed; touches no store.")
final class ValidateCommand implements Callable<Integer> {

	private static final JsonMapper JSON = JsonMapper.shared();

	private final CommandServices services;

	@Mixin
	private CommonOptions common = new CommonOptions();

	@Parameters(arity = "1..*", paramLabel = "FILE", description = "The definitions.")
	private List<Path> files = List.of();

	ValidateCommand(CommandServices services) {
		this.services = services;
	}

	@Override
	public Integer call() {
		List<String> problems = new ArrayList<>();
		List<String> names = new ArrayList<>();
		ObjectNode json = Message.object(ExitCode.COMPLETED, "", List.of());
		ArrayNode shown = json.putArray("definitions");
		for (Path file : this.files) {
			try {
				PurgeDefinition definition = new DefinitionReader().read(file);
				names.add(definition.name());
				show(file, definition, shown.addObject());
			}
			catch (DefinitionException ex) {
				problems.addAll(ex.problems());
			}
		}
		if (!problems.isEmpty()) {
			throw new DefinitionException(problems);
		}
		if (this.common.json) {
			json.put("reason", "valid: " + String.join(", ", names));
			this.services.terminal().out().println(json);
		}
		return ExitCode.COMPLETED.status();
	}

	private void show(Path file, PurgeDefinition definition, ObjectNode object) {
		String digest = isKnownLater(definition) ? definition.digest() : definition.digestWithKeys();
		print(file + ": valid (digest " + digest.substring(0, 12) + ")");
		object.put("file", file.toString());
		object.put("name", definition.name());
		object.put("digest", digest);
		if (definition.keys() != null) {
			String keys = isKnownLater(definition) ? definition.keys().described()
					: "%,d in %s".formatted(definition.namedKeys().keys(), definition.keys().described());
			print("  keys: " + keys);
			object.put("keys", keys);
		}
		ArrayNode warnings = JSON.createArrayNode();
		show(file, "where", definition.where(), object, warnings);
		if (definition.keep() != null) {
			show(file, "keep", definition.keep(), object, warnings);
		}
		object.set("warnings", warnings);
		ArrayNode hints = object.putArray("hints");
		for (String hint : new DefinitionHints(definition).lines()) {
			print("  hint: " + hint);
			hints.add(hint);
		}
	}

	private static boolean isKnownLater(PurgeDefinition definition) {
		return definition.keys() instanceof KeyFile keys && keys.isStandardInput();
	}

	private void show(Path file, String field, Rule rule, ObjectNode object, ArrayNode warnings) {
		print("  " + field + ": " + rule.parsed());
		object.put(field, rule.parsed());
		for (String warning : rule.warnings(field.equals("keep"))) {
			String line = file + ": warning: " + field + ": " + warning;
			this.services.terminal().err().println("kvpurge: " + line);
			warnings.add(line);
		}
	}

	private void print(String line) {
		if (!this.common.json) {
			this.services.terminal().out().println(line);
		}
	}

}
