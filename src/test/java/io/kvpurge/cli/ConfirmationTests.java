package io.kvpurge.cli;

import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import io.kvpurge.cli.CommandLineTester.Result;

import static org.assertj.core.api.Assertions.assertThat;

/** A person at a terminal is shown what was counted, and asked. */
class ConfirmationTests {

	@TempDir
	Path folder;

	private AssetTable table;

	private CommandLineTester commands;

	@BeforeEach
	void fill() {
		this.table = new AssetTable(this.folder).filled();
		this.commands = new CommandLineTester(this.folder.resolve("home"));
	}

	private Result run(Object... more) {
		Object[] args = new Object[more.length + 4];
		System.arraycopy(new Object[] { "run", this.table.definition(), "--progress", "none" }, 0, args, 0, 4);
		System.arraycopy(more, 0, args, 4, more.length);
		return this.commands.run(args);
	}

	@Test
	void showsWhatItAsksAbout() {
		Result result = this.commands.typing("yes\n")
			.run("run", this.table.definition(), "--progress", "none")
			.exits(0);
		assertThat(result.err()).contains("store    h2:", "prefixes ['a/']", "rule     metadata.size >= 10",
				"keep     metadata.field(\"type\") == \"md\"", "counted  100 listed, 10 unmatched, 9 held, 0 undecided",
				"Delete 81 keys? [y/N] ");
		assertThat(result.out()).startsWith("assets.2 COMPLETED").containsOnlyOnce("COMPLETED");
		assertThat(this.table.keys()).hasSize(29);
	}

	@ParameterizedTest
	@ValueSource(strings = { "n\n", "\n", "", "yep\n", "no\n" })
	void anythingButYesDeletesNothing(String answer) {
		this.commands.typing(answer);
		assertThat(run().exits(3).out()).isEqualToIgnoringNewLines("declined: nothing was deleted");
		assertThat(this.table.keys()).hasSize(110);
	}

	@Test
	void asksForJsonToo() {
		this.commands.typing("n\n");
		JsonNode declined = run("--json").exits(3).json();
		assertThat(declined.get("status").asString()).isEqualTo("STOPPED");
		assertThat(declined.get("exit").asInt()).isEqualTo(3);
		assertThat(declined.get("reason").asString()).isEqualTo("declined: nothing was deleted");
		assertThat(this.table.keys()).hasSize(110);
		this.commands.typing("Y\n");
		assertThat(run("--json").exits(0).json().get("deleted").asInt()).isEqualTo(81);
	}

	@Test
	void doesNotAskWhereYesIsGivenOrNothingCouldGo() {
		this.commands.typing("");
		assertThat(run("--dry-run").exits(0).err()).doesNotContain("[y/N]");
		assertThat(run("--yes").exits(0).err()).doesNotContain("[y/N]");
		Result nothing = run().exits(0);
		assertThat(nothing.err()).doesNotContain("[y/N]");
		assertThat(nothing.out()).contains("nothing matched");
	}

	@Test
	void doesNotAskWhereItIsHeld() {
		this.commands.run("stop", "assets").exits(0);
		this.commands.typing("y\n");
		assertThat(run().exits(3).err()).doesNotContain("[y/N]");
		assertThat(this.table.keys()).hasSize(110);
	}

}
