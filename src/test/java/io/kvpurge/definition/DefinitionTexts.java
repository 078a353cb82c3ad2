package io.kvpurge.definition;

import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Definitions for tests: one that is good, and what a change makes of it. */
final class DefinitionTexts {

	static final String GOOD = """
			version: 1
			name: demo
			store:
			  type: memory
			  name: tests
			parameters:
			  tag: string
			select:
			  prefixes: ["page/"]
			  where: "metadata.tag == params.tag"
			keep: "metadata.field('pinned') == true"
			partitions: 2
			""";

	private DefinitionTexts() {
	}

	/** The good one with one piece of its text replaced. */
	static String with(String piece, String replacement) {
		if (!GOOD.contains(piece)) {
			throw new IllegalArgumentException("the good definition has no " + piece);
		}
		return GOOD.replace(piece, replacement);
	}

	/** The good one with another rule, which begins in line 10. */
	static String withWhere(String rule) {
		return with("where: \"metadata.tag == params.tag\"", "where: " + rule);
	}

	static PurgeDefinition read(String text) {
		return new DefinitionReader().read(text, "a.yaml");
	}

	static BoundDefinition bind(String text, Map<String, List<String>> values) {
		return read(text).bind(values);
	}

	/** Everything that is wrong with the text; empty if nothing is. */
	static List<String> problems(String text) {
		return problems(() -> read(text));
	}

	static List<String> problems(Runnable reading) {
		DefinitionException failure = catchThrowableOfType(DefinitionException.class, reading::run);
		return (failure != null) ? failure.problems() : List.of();
	}

}
