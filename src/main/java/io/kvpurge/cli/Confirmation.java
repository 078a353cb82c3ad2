package io.kvpurge.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.filter.Rule;
import io.kvpurge.report.RunReport;

/** Asks the person at the terminal whether what was counted shall go. */
final class Confirmation {

	/** A terminal's height holds no more, and split-by makes thousands. */
	private static final int MOST_PREFIXES = 20;

	private final Terminal terminal;

	Confirmation(Terminal terminal) {
		this.terminal = terminal;
	}

	/** Whether the answer was yes; anything else, and no answer, is no. */
	boolean given(BoundDefinition definition, RunReport plan) {
		Rule keep = definition.definition().keep();
		PrintStream err = this.terminal.err();
		err.println();
		err.println("store    " + plan.run().identity().store());
		err.println("prefixes " + prefixes(definition));
		err.println("rule     " + definition.definition().where().parsed());
		err.println("keep     " + ((keep != null) ? keep.parsed() : "nothing"));
		err.println("counted  %,d listed, %,d unmatched, %,d held, %,d undecided".formatted(plan.counts().listed(),
				plan.counts().unmatched(), plan.counts().held(), plan.counts().undecided()));
		return given("Delete %,d keys?".formatted(plan.counts().matched()));
	}

	/** Whether the answer to a question was yes. */
	boolean given(String question) {
		this.terminal.err().print(question + " [y/N] ");
		this.terminal.err().flush();
		String answer = answer();
		return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
	}

	private static String prefixes(BoundDefinition definition) {
		List<String> quoted = definition.prefixes()
			.stream()
			.limit(MOST_PREFIXES)
			.map((prefix) -> "'" + prefix + "'")
			.toList();
		int more = definition.prefixes().size() - quoted.size();
		return (more > 0) ? quoted + " and " + more + " more" : quoted.toString();
	}

	private @Nullable String answer() {
		try {
			return new BufferedReader(new InputStreamReader(this.terminal.in(), Charset.defaultCharset())).readLine();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
