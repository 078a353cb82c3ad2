package io.kvpurge.cli;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import io.kvpurge.cli.CommandLineTester.Result;

import static org.assertj.core.api.Assertions.assertThat;

class VerifyCommandTests {

	@TempDir
	private Path folder;

	private AssetTable table;

	private CommandLineTester commands;

	@BeforeEach
	void fill() {
		this.table = new AssetTable(this.folder).filled();
		this.commands = new CommandLineTester(this.folder.resolve("home"));
	}

	private void putBack(String key) {
		this.table.execute("insert into \"assets\" values ('" + key + "', 1, 'js')");
	}

	@Test
	void whatIsGoneIsSaidToBeGone() {
		this.commands.run("run", this.table.definition()).exits(0);
		assertThat(this.commands.run("verify", "assets.1").exits(0).out().strip())
			.isEqualTo("of 81 keys that were deleted, 0 are in the store now");
	}

	@Test
	void whatIsThereAgainIsNamed() {
		this.commands.run("run", this.table.definition()).exits(0);
		putBack("a/011");
		putBack("a/098");
		Result result = this.commands.run("verify", this.table.definition()).exits(4);
		assertThat(result.out().lines()).containsExactly("of 81 keys that were deleted, 2 are in the store now",
				"  a/011", "  a/098");
		JsonNode json = this.commands.run("verify", "assets", "--json").exits(4).json();
		assertThat(json.get("deleted").asInt()).isEqualTo(81);
		assertThat(json.get("there").asInt()).isEqualTo(2);
		assertThat(json.get("sample").get(0).get("key").asString()).isEqualTo("a/011");
	}

	@Test
	void onlyWhatDeletedSomethingCanBeVerified() {
		assertThat(this.commands.run("verify", "assets").exits(2).problems())
			.containsExactly("there is no run of assets in " + this.commands.location());
		this.commands.run("plan", this.table.definition()).exits(0);
		assertThat(this.commands.run("verify", "assets.1").exits(2).problems())
			.containsExactly("run assets.1 is a plan: it deleted nothing");
		assertThat(this.commands.run("verify", "assets").exits(2).problems())
			.containsExactly("there is no run assets that deleted anything");
		assertThat(this.commands.run("verify", "assets.7").exits(2).problems())
			.containsExactly("there is no run assets.7");
	}

	@Test
	void aRunMayEndWithIt() throws Exception {
		Path definition = this.table.definition();
		Files.writeString(definition, Files.readString(definition) + "verify: true\n");
		JsonNode json = this.commands.run("run", definition, "--json").exits(0).json();
		assertThat(json.get("reason").asString())
			.isEqualTo("done; verified: of 81 keys that were deleted, 0 are in the store now");
		assertThat(json.get("status").asString()).isEqualTo("COMPLETED");
	}

}
