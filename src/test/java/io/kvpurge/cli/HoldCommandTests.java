package io.kvpurge.cli;

import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.cli.CommandLineTester.Result;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code stop} holds, {@code resume} lifts. */
class HoldCommandTests {

	@TempDir
	Path folder;

	private AssetTable table;

	private CommandLineTester commands;

	/** The ledger is in a folder. */
	CommandLineTester commands(Path home) {
		return new CommandLineTester(home);
	}

	@BeforeEach
	void fill() {
		this.table = new AssetTable(this.folder).filled();
		this.commands = commands(this.folder.resolve("home"));
	}

	private Result run() {
		return this.commands.run("run", this.table.definition());
	}

	@Test
	void aHeldDefinitionDoesNotRunUntilItIsResumed() {
		run().exits(0);
		Result stop = this.commands.run("stop", this.table.definition()).exits(0);
		assertThat(stop.out()).isEqualToIgnoringNewLines("assets held; 'kvpurge resume assets' lifts it");
		Result held = run().exits(3);
		assertThat(held.problems()).singleElement()
			.asString()
			.matches("assets is held \\(stopped by .+ on .+ at .+\\); 'resume' lifts it");
		assertThat(held.out()).isEmpty();
		assertThat(this.commands.run("resume", "assets").exits(0).out())
			.isEqualToIgnoringNewLines("assets has no unfinished run; the next 'run' begins a new one");
		run().exits(0);
	}

	@Test
	void whatIsHeldSaysSoAsOneObject() {
		assertThat(this.commands.run("stop", "assets", "--json").exits(0).json().get("reason").asString())
			.startsWith("assets held");
		Result held = this.commands.run("run", this.table.definition(), "--json").exits(3);
		BadDefinitionTests.assertError(held.json(), 3, "STOPPED", held.problems());
	}

	@Test
	void theFirstHoldStaysAsItIs() {
		this.commands.run("stop", "assets").exits(0);
		String first = run().problems().get(0);
		this.commands.run("stop", "assets.1").exits(0);
		assertThat(run().problems()).containsExactly(first);
	}

	@Test
	void aDefinitionThatNeverRanCanBeHeldAndLetGo() {
		Result stop = this.commands.run("stop", "assets").exits(0);
		assertThat(stop.problems()).containsExactly("assets has not run yet in " + this.commands.location());
		assertThat(this.commands.run("status").exits(0).out()).matches("assets +HELD +has not run yet  \\[.+]\\R");
		run().exits(3);
		assertThat(this.commands.run("resume", "assets").exits(0).out())
			.isEqualToIgnoringNewLines("assets is no longer held; the next 'run' begins its first run");
		run().exits(0);
	}

	@Test
	void allDefinitionsCanBeHeldAndLetGo() {
		assertThat(this.commands.run("stop", "--all").exits(0).out())
			.isEqualToIgnoringNewLines("all definitions held; 'kvpurge resume --all' lifts it");
		run().exits(3);
		assertThat(this.commands.run("status").exits(0).out())
			.contains("all definitions are held; 'kvpurge resume --all' lifts it");
		assertThat(this.commands.run("resume", "--all").exits(0).out())
			.isEqualToIgnoringNewLines("lifted the hold of all definitions; their next 'run' carries on");
		assertThat(this.commands.run("resume", "--all", "--json").exits(0).json().get("reason").asString())
			.isEqualTo("there is no hold of all definitions");
		run().exits(0);
	}

	@Test
	void resumingOneLiftsTheHoldOfAll() {
		run().exits(0);
		this.commands.run("stop", "--all").exits(0);
		assertThat(this.commands.run("resume", "assets").exits(0).problems())
			.containsExactly("lifted the hold of all definitions");
		run().exits(0);
	}

	@Test
	void noHoldIsLiftedForARunThatThereIsNot() {
		run().exits(0);
		this.commands.run("stop", "--all").exits(0);
		this.commands.run("resume", "assets.7").exits(2);
		this.commands.run("resume", "nobody.1").exits(2);
		assertThat(this.commands.run("resume", "assets.1").exits(2).problems())
			.containsExactly("run assets.1 is COMPLETED: there is nothing to resume");
		run().exits(3);
	}

}
