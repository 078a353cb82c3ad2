package io.kvpurge.cli;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

import org.h2.api.Trigger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import io.kvpurge.cli.CommandLineTester.Result;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs that did not come to their end. */
class ResumeCommandTests {

	@TempDir
	Path folder;

	private AssetTable table;

	private CommandLineTester commands;

	private Path definition;

	/** The ledger is in a folder. */
	CommandLineTester commands(Path home) {
		return new CommandLineTester(home);
	}

	@BeforeEach
	void fillTableThatRefusesToDelete() {
		this.table = new AssetTable(this.folder).filled();
		this.table.execute("create trigger \"full\" before delete on \"assets\" for each row call '"
				+ FullDisk.class.getName() + "'");
		this.definition = this.table.definition("columns: [size, type]", "columns: [size, type], allow: [full]");
		this.commands = commands(this.folder.resolve("home"));
		FullDisk.full = true;
	}

	private JsonNode failed() {
		Result result = this.commands.run("run", this.definition, "--json").exits(1);
		JsonNode json = result.json();
		assertThat(json.get("status").asString()).isEqualTo("FAILED");
		assertThat(json.get("errors")).isNotEmpty();
		assertThat(result.problems())
			.containsExactlyElementsOf(json.get("errors").valueStream().map(JsonNode::asString).toList());
		assertThat(result.err()).contains("the disk is full");
		assertThat(this.table.keys()).hasSize(110);
		return json;
	}

	@Test
	void aFailedRunIsCarriedOn() {
		failed();
		assertThat(this.commands.run("status").exits(0).out())
			.matches("assets\\.1 +FAILED +\\d+ s ago, deleted 0 of .+\\R");
		FullDisk.full = false;
		Result resumed = this.commands.run("resume", "assets", "--json").exits(0);
		assertThat(resumed.err()).startsWith("kvpurge assets.1, attempt 2 (carried on from ");
		JsonNode json = resumed.json();
		assertThat(json.get("run").asString()).isEqualTo("assets.1");
		assertThat(json.get("attempts").asInt()).isEqualTo(2);
		assertThat(json.get("deleted").asInt()).isEqualTo(81);
		assertThat(json.get("listed").asInt()).isEqualTo(100);
		assertThat(this.table.keys()).hasSize(29);
		this.commands.run("audit", "assets", "--verify").exits(0);
	}

	@Test
	void theNextRunCarriesOnWithoutBeingAsked() {
		failed();
		FullDisk.full = false;
		JsonNode json = this.commands.run("run", this.definition, "--json").exits(0).json();
		assertThat(json.get("run").asString()).isEqualTo("assets.1");
		assertThat(json.get("attempts").asInt()).isEqualTo(2);
	}

	@Test
	void aNewRunReplacesIt() {
		failed();
		FullDisk.full = false;
		JsonNode json = this.commands.run("run", "--new", this.definition, "--json").exits(0).json();
		assertThat(json.get("run").asString()).isEqualTo("assets.2");
		assertThat(json.get("attempts").asInt()).isEqualTo(1);
		assertThat(this.commands.run("status", "assets.1", "--json").exits(0).json().get("status").asString())
			.isEqualTo("SUPERSEDED");
	}

	@Test
	void aDryRunLeavesItAsItIs() {
		failed();
		assertThat(
				this.commands.run("run", "--dry-run", this.definition, "--json").exits(0).json().get("run").asString())
			.isEqualTo("assets.2");
		FullDisk.full = false;
		assertThat(this.commands.run("resume", "assets.1", "--json").exits(0).json().get("deleted").asInt())
			.isEqualTo(81);
	}

	@Test
	void keysThatTheStoreRefusesAreCountedAndNamed() {
		FullDisk.full = false;
		this.table.execute("create table \"orders\" (\"asset\" varchar(200) references \"assets\"(\"key\"))",
				"insert into \"orders\" values ('a/011'), ('a/055')");
		JsonNode json = this.commands.run("run", this.definition, "--json").exits(6).json();
		assertThat(json.get("status").asString()).isEqualTo("COMPLETED");
		assertThat(json.get("exit").asInt()).isEqualTo(6);
		assertThat(json.get("refused").asInt()).isEqualTo(2);
		assertThat(json.get("deleted").asInt()).isEqualTo(79);
		assertThat(this.commands.run("audit", "assets", "--format", "jsonl").exits(0).out().lines())
			.filteredOn((line) -> line.contains("\"outcome\":\"refused\",\"reason\":\""))
			.hasSize(2);
	}

	/** Fails every delete while it is full. */
	public static final class FullDisk implements Trigger {

		private static volatile boolean full;

		@Override
		public void fire(Connection connection, Object[] before, Object[] after) throws SQLException {
			if (full) {
				throw new SQLException("the disk is full", "53100");
			}
		}

	}

}
