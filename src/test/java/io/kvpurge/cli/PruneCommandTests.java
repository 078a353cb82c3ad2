package io.kvpurge.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import io.kvpurge.ledger.LedgerDatabase;

import static org.assertj.core.api.Assertions.assertThat;

class PruneCommandTests {

	@TempDir
	Path folder;

	private AssetTable table;

	private CommandLineTester commands;

	@BeforeEach
	void runTwice() {
		this.table = new AssetTable(this.folder).filled();
		this.commands = new CommandLineTester(this.folder.resolve("home"));
		this.commands.run("run", this.table.definition()).exits(0);
		this.commands.run("run", "--new", this.table.definition()).exits(0);
	}

	private String ledgerUrl() {
		return "jdbc:h2:file:" + this.commands.ledger("assets");
	}

	@Test
	void whatIsOldLosesItsCallsAndIsStillIntactAsFarAsItStands() {
		List<String> lines = this.commands.run("prune", "--older-than", "0s").exits(0).out().lines().toList();
		assertThat(lines).hasSize(3);
		assertThat(lines.get(0)).matches("assets\\.1: pruned 1 calls; it ended at \\S+");
		assertThat(lines.get(2)).isEqualTo("pruned 2 runs, 1 calls");
		assertThat(this.commands.run("audit", "assets.1", "--verify").exits(0).out())
			.matches("assets\\.1 is intact as far as it stands: 1 ranges, seal [0-9a-f]{64} \\(no seal before it\\); "
					+ "its calls were pruned on \\S+\\R");
		assertThat(this.commands.run("audit", "assets.1").exits(0).out())
			.contains("the calls of assets.1 were pruned on ", "deleted    81");
		assertThat(this.commands.run("audit", "assets.1", "--format", "jsonl").exits(0).err())
			.startsWith("kvpurge: the calls of assets.1 were pruned on ");
		assertThat(this.commands.run("explain", this.table.definition(), "a/011").exits(0).out())
			.contains("  assets.1: its calls were pruned on ");
		this.commands.run("run", this.table.definition()).exits(0);
		this.commands.run("audit", "assets.3", "--verify").exits(0);
	}

	@Test
	void whatTheJobRepositoryKeepsOfThemGoesToo() {
		this.commands.run("prune", "assets", "--older-than", "0s").exits(0);
		// Each of these fails if a row is left.
		for (String rows : List.of("batch_job_instance", "batch_job_execution", "batch_job_execution_params",
				"batch_step_execution", "batch_step_execution_context", "batch_job_execution_context", "purge_call")) {
			AssetTable.executeIn(ledgerUrl(), "kvpurge",
					"create table none as select 1 / (case count(*) when 0 then 1 else 0 end) as x from " + rows,
					"drop table none");
		}
	}

	@Test
	void whatIsNotOldStays() {
		JsonNode json = this.commands.run("prune", "--older-than", "90d", "--json").exits(0).json();
		assertThat(json.get("pruned")).isEmpty();
		assertThat(json.get("reason").stringValue()).isEqualTo("pruned 0 runs, 0 calls");
		assertThat(this.commands.run("audit", "assets.1", "--verify").exits(0).out()).contains(" 1 calls, ");
		JsonNode pruned = this.commands.run("prune", this.table.definition(), "--older-than", "0s", "--json")
			.exits(0)
			.json();
		assertThat(pruned.at("/pruned/0/run").stringValue()).isEqualTo("assets.1");
		assertThat(pruned.at("/pruned/0/calls").intValue()).isOne();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "90", "-1d", "PT-1H", "soon", "99999999999999999999d", "999999999999d" })
	void ageMustBeADuration(String age) {
		assertThat(this.commands.run("prune", "--older-than=" + age).exits(2).problems())
			.containsExactly("--older-than is '" + age + "': expected a duration such as 90d, 12h or P90D");
	}

	@Test
	void whatToPruneMustBeThere() {
		assertThat(this.commands.run("prune").exits(2).problems()).singleElement()
			.asString()
			.contains("--older-than=DURATION");
		this.commands.run("prune", "--older-than", "0s", "assets", "none").exits(2);
		this.commands.run("prune", "--older-than", "0s", "assets.1").exits(2);
		assertThat(this.commands.run("audit", "assets.1", "--verify").exits(0).out()).contains(" 1 calls, ");
	}

	@Test
	void whatIsNotIntactStaysAndNeedsAPerson() {
		AssetTable.executeIn(ledgerUrl(), "kvpurge", "update purge_call set key_count = 1");
		assertThat(this.commands.run("prune", "--older-than", "0s").exits(4).problems()).singleElement()
			.asString()
			.startsWith("assets.1 is left alone, as it is not intact: range-00001 of run assets.1, call 1: ");
		this.commands.run("audit", "assets.1", "--verify").exits(4);
	}

	@Test
	void ledgerThatIsOpenElsewhereIsBusy() {
		Path file = this.commands.ledger("assets");
		try (LedgerDatabase database = LedgerDatabase.openFile(file, Clock.systemUTC())) {
			assertThat(database.ledger().definitions()).containsExactly("assets");
			assertThat(this.commands.run("prune", "--older-than", "0s", "--json").exits(5).json().get("errors"))
				.hasSize(1);
		}
	}

}
