package io.kvpurge.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.ledger.RunId;

/**
 * A run as it is named on a command line.
 *
 * @param definition the definition's name
 * @param number which of its runs, null for the last one
 */
record RunReference(String definition, @Nullable Integer number) {

	RunReference {
		// A name becomes a folder under the home.
		if (!PurgeDefinition.isName(definition)) {
			throw new DefinitionException(
					List.of("'" + definition + "' is no definition's name or file, and no run NAME.N"));
		}
	}

	/** NAME.N is that run; a file's name, or NAME, means the definition's last one. */
	static RunReference parse(String text) {
		if (text.matches(".+\\.[1-9][0-9]{0,8}")) {
			RunId id = RunId.parse(text);
			return new RunReference(id.definition(), id.number());
		}
		if (Files.isRegularFile(Path.of(text)) || text.endsWith(".yaml") || text.endsWith(".yml")) {
			return new RunReference(new DefinitionReader().read(Path.of(text)).name(), null);
		}
		return new RunReference(text, null);
	}

}
