package io.kvpurge.cli;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.kvpurge.cli.CommandLineTester.Result;

import static org.assertj.core.api.Assertions.assertThat;

class HelpTests {

	private final CommandLineTester commands = new CommandLineTester(Path.of("none"));

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			run      | Deletes what matches.            | --dry-run
			plan     | keeps it as a plan               | --format
			apply    | as far as it still matches       | --expect
			resume   | Lifts the hold of a definition   | --all
			stop     | holds the definition             | --all
			status   | the last run of every definition | RUN
			report   | as one page of HTML              | --html
			audit    | what became of their keys        | --verify
			explain  | which runs deleted a key         | --key64
			verify   | Looks in the store for the keys  | RUN
			restore  | Puts back what a run deleted     | --overwrite
			prune    | Removes the calls of runs        | --older-than
			validate | shows their rules as parsed      | FILE
			doctor   | says what to mend                | --try-delete
			worker   | Works on ranges of runs          | --slots
			load     | Puts entries into                | ENTRIES
			demo     | 26,341 real entries              | --home
			completion | bash and zsh complete          | --json
			""")
	void everyCommandSaysWhatItDoes(String command, String what, String option) {
		Result result = this.commands.runBare(command, "--help").exits(0);
		assertThat(result.out().replaceAll("\\s+", " ")).startsWith("Usage: kvpurge " + command)
			.contains(what, option)
			.contains("--json", "--home", "--config", "--help");
		assertThat(result.err()).isEmpty();
		assertThat(this.commands.runBare("--help").exits(0).out()).contains("\n  " + command);
	}

	@Test
	void theListOfCommandsHasWholeSentencesAndExitStatuses() {
		String help = this.commands.runBare("--help").exits(0).out();
		assertThat(help).contains("Exit status:\n  0  completed, or its window is over and it came further\n",
				"  3  stopped, held, declined or outside its window\n");
		String list = help.substring(help.indexOf("Commands:"), help.indexOf("Exit status:")).strip();
		assertThat(list.lines()
			.skip(1)
			.toList()
			.stream()
			.reduce("", (all, line) -> line.startsWith("   ") ? all + " " + line.strip() : all + "\n" + line.strip())
			.strip()
			.lines()).hasSize(18).allMatch((line) -> line.endsWith("."));
		assertThat(help.lines()).allMatch((line) -> line.length() <= 80);
	}

	@Test
	void namesItsVersion() {
		assertThat(this.commands.runBare("--version").exits(0).out()).startsWith("kvpurge ");
	}

}
