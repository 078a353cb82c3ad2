package io.kvpurge.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.filter.Rule;
import io.kvpurge.report.ExitCode;

/** Looks whether definitions can be used. */
@Command(name = "validate", description = "Checks definitions and shows their rules as parsed; touches no store.")
final class ValidateCommand implements Callable<Integer> {

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
		for (Path file : this.files) {
			try {
				names.add(show(file, new DefinitionReader().read(file)));
			}
			catch (DefinitionException ex) {
				problems.addAll(ex.problems());
			}
		}
		if (!problems.isEmpty()) {
			throw new DefinitionException(problems);
		}
		if (this.common.json) {
			new Message(this.services.terminal(), true).show(ExitCode.COMPLETED, "valid: " + String.join(", ", names));
		}
		return ExitCode.COMPLETED.status();
	}

	private String show(Path file, PurgeDefinition definition) {
		if (!this.common.json) {
			this.services.terminal()
				.out()
				.println(file + ": valid (digest " + definition.digest().substring(0, 12) + ")");
			show("where", definition.where());
			if (definition.keep() != null) {
				show("keep", definition.keep());
			}
		}
		return definition.name();
	}

	private void show(String field, Rule rule) {
		this.services.terminal().out().println("  " + field + ": " + rule.parsed());
		rule.warnings(field.equals("keep"))
			.forEach(
					(warning) -> this.services.terminal().err().println("kvpurge: warning: " + field + ": " + warning));
	}

}
