package io.kvpurge.cli;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.kvpurge.cli.CommandLineTester.Result;

import static org.assertj.core.api.Assertions.assertThat;

class AuditCommandTests {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	@TempDir
	Path folder;

	private AssetTable table;

	private CommandLineTester commands;

	/** The ledger is in a folder. */
	CommandLineTester commands(Path home) {
		return new CommandLineTester(home);
	}

	@BeforeEach
	void run() {
		this.table = new AssetTable(this.folder).filled();
		this.commands = commands(this.folder.resolve("home"));
		this.commands.run("run", this.table.definition()).exits(0);
	}

	/** Writes to the ledger's database, past the ledger. */
	void tamper(String sql) {
		AssetTable.executeIn("jdbc:h2:file:" + this.commands.home().resolve("definitions/assets/ledger"), "kvpurge",
				sql);
	}

	@Test
	void showsEveryCall() {
		Result result = this.commands.run("audit", "assets").exits(0);
		assertThat(result.out()).startsWith("assets.1 COMPLETED");
		List<String> calls = result.out().lines().filter((line) -> line.startsWith("range ")).toList();
		assertThat(calls).isNotEmpty()
			.allMatch((line) -> line
				.matches("range \\d call 1 \\(attempt 1\\): announced \\S+, settled \\S+, \\d+ deleted"));
	}

	@Test
	void showsEveryKeyAsAnObject() {
		Result result = this.commands.run("audit", "assets.1", "--format", "jsonl").exits(0);
		List<JsonNode> keys = result.out().lines().map(JSON::readTree).toList();
		assertThat(keys).hasSize(81).allSatisfy((key) -> {
			assertThat(key.propertyNames()).containsExactly("key", "outcome", "run", "range", "call", "announced",
					"settled");
			assertThat(key.get("outcome").asString()).isEqualTo("deleted");
			assertThat(key.get("run").asString()).isEqualTo("assets.1");
		});
		assertThat(keys).extracting((key) -> key.get("key").asString())
			.doesNotHaveDuplicates()
			.doesNotContainAnyElementsOf(this.table.keys());
	}

	@Test
	void saysThatTheLedgerIsIntact() {
		assertThat(this.commands.run("audit", "assets", "--verify").exits(0).out())
			.matches("assets\\.1 is intact: \\d ranges, \\d calls, seal [0-9a-f]{64}\\R");
		JsonNode json = this.commands.run("audit", "assets", "--json").exits(0).json();
		assertThat(json.at("/verification/intact").asBoolean()).isTrue();
		assertThat(json.at("/verification/problem").isNull()).isTrue();
		assertThat(json.get("deleted").asInt()).isEqualTo(81);
	}

	@ParameterizedTest
	@ValueSource(strings = { "update purge_call set outcomes = replace(outcomes, 'D', 'S') where range_no = 1",
			"update purge_call set key_count = key_count - 1", "delete from purge_call where range_no = 1",
			"update purge_call set announced_hash = settled_hash", "update purge_run set seal = 'ab'" })
	void findsALedgerThatWasChanged(String sql) {
		tamper(sql);
		Result result = this.commands.run("audit", "assets", "--verify").exits(4);
		assertThat(result.out()).startsWith("assets.1 is NOT intact: ");
		JsonNode json = this.commands.run("audit", "assets", "--json").exits(4).json();
		assertThat(json.get("exit").asInt()).isEqualTo(4);
		assertThat(json.at("/verification/intact").asBoolean()).isFalse();
		assertThat(json.at("/verification/problem").asString()).isNotBlank();
	}

}
