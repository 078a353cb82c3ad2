package io.kvpurge.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;

import org.jspecify.annotations.Nullable;

import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.report.RunReport;

/** Asks the person at the terminal whether what was counted shall go. */
final class Confirmation {

	private final Terminal terminal;

	Confirmation(Terminal terminal) {
		this.terminal = terminal;
	}

	/** Whether the answer was yes; anything else, and no answer, is no. */
	boolean given(BoundDefinition definition, RunReport plan) {
		this.terminal.err()
			.printf("%nstore  %s%nrule   %s%nDelete %,d keys? [y/N] ", plan.run().identity().store(),
					definition.definition().where().text(), plan.counts().matched());
		this.terminal.err().flush();
		String answer = answer();
		boolean yes = answer != null && answer.strip().toLowerCase(java.util.Locale.ROOT).matches("y|yes");
		if (!yes) {
			this.terminal.err().println("Nothing was deleted.");
		}
		return yes;
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
