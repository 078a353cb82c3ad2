package io.kvpurge.cli;

import java.io.IOException;
import java.nio.file.Files;
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

	private static final JsonMapper JSON = JsonMapper.shared();

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
		AssetTable.executeIn("jdbc:h2:file:" + this.commands.ledger("assets"), "kvpurge", sql);
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
			assertThat(key.propertyNames()).containsExactly("key", "outcome", "run", "range", "call", "attempt",
					"announced", "settled", "digest", "launchedBy", "host", "version");
			assertThat(key.get("outcome").asString()).isEqualTo("deleted");
			assertThat(key.get("run").asString()).isEqualTo("assets.1");
		});
		assertThat(keys).extracting((key) -> key.get("key").asString())
			.doesNotHaveDuplicates()
			.doesNotContainAnyElementsOf(this.table.keys());
	}

	@Test
	void showsEveryKeyAsALineOfValues() {
		Result result = this.commands.run("audit", "assets.1", "--format", "csv").exits(0);
		List<String> lines = result.out().lines().toList();
		assertThat(lines).hasSize(82);
		assertThat(lines.get(0).replace("\"", ""))
			.isEqualTo("key,key64,outcome,reason,run,range,call,attempt,announced,settled,digest,"
					+ "launchedBy,host,version");
		assertThat(lines.get(1)).matches("""
				"a/011",,"deleted",,"assets\\.1",1,1,1,("[-0-9]{10}T[.0-9:]+Z",){2}"[0-9a-f]{64}"(,"[^"]+"){3}""");
	}

	@Test
	void saysThatTheLedgerIsIntact() {
		assertThat(this.commands.run("audit", "assets", "--verify").exits(0).out())
			.matches("assets\\.1 is intact: \\d ranges, \\d calls, seal [0-9a-f]{64} \\(no seal before it\\)\\R");
		JsonNode json = this.commands.run("audit", "assets", "--json").exits(0).json();
		assertThat(json.at("/verification/intact").asBoolean()).isTrue();
		assertThat(json.at("/verification/problem").isNull()).isTrue();
		assertThat(json.get("deleted").asInt()).isEqualTo(81);
	}

	@ParameterizedTest
	@ValueSource(strings = { "update purge_call set outcomes = replace(outcomes, 'D', 'S') where range_no = 1",
			"update purge_call set key_count = key_count - 1", "delete from purge_call where range_no = 1",
			"update purge_call set announced_hash = settled_hash", "update purge_run set seal = 'ab'",
			"update purge_range set position = 'x'", "update purge_call set reasons = 'null'",
			"update purge_run set guarantee = 'none'" })
	void findsALedgerThatWasChanged(String sql) {
		tamper(sql);
		Result result = this.commands.run("audit", "assets", "--verify").exits(4);
		assertThat(result.out()).matches("assets(\\.1)? is NOT intact: .+\\R");
		JsonNode json = this.commands.run("audit", "assets", "--json").exits(4).json();
		assertThat(json.get("exit").asInt()).isEqualTo(4);
		assertThat(json.at("/verification/intact").asBoolean()).isFalse();
		assertThat(json.at("/verification/problem").asString()).isNotBlank();
	}

	private Path export(String name) {
		return this.folder.resolve(name);
	}

	@ParameterizedTest
	@ValueSource(strings = { "run.jsonl", "run.jsonl.gz" })
	void exportIsVerifiedWithoutDatabase(String name) {
		Path file = export(name);
		Result written = this.commands.run("audit", "assets", "--export", file).exits(0);
		Result verified = this.commands.runBare("audit", "--verify", file, "--home", this.folder.resolve("nowhere"))
			.exits(0);
		assertThat(verified.out()).isEqualTo(written.out())
			.matches("run assets\\.1 in \\S+ is intact: 1 ranges, 1 calls, seal [0-9a-f]{64} "
					+ "\\(no seal before it\\)\\R");
		assertThat(this.folder.resolve("nowhere")).doesNotExist();
		assertThat(this.folder).isDirectoryNotContaining((other) -> other.toString().endsWith(".part"));
		JsonNode json = this.commands.run("audit", "--verify", file, "--json").exits(0).json();
		assertThat(json.get("run").asString()).isEqualTo("assets.1");
		assertThat(json.at("/verification/seal").asString()).hasSize(64);
	}

	@Test
	void exportNamesTheSealBeforeItsOwn() {
		String first = seal(this.commands.run("audit", "assets.1", "--json").json());
		this.commands.run("run", "--new", this.table.definition()).exits(0);
		this.commands.run("audit", "assets.2", "--export", export("run.gz")).exits(0);
		assertThat(this.commands.run("audit", "--verify", export("run.gz")).exits(0).out())
			.endsWith(" (the seal before it: " + first + ")" + System.lineSeparator());
	}

	private static String seal(JsonNode json) {
		return json.get("seal").asString();
	}

	@Test
	void exportReplacesNothing() throws IOException {
		Path file = Files.writeString(export("run.jsonl"), "mine");
		assertThat(this.commands.run("audit", "assets", "--export", file).exits(2).problems())
			.containsExactly(file + ": is there already; an export replaces nothing");
		assertThat(file).hasContent("mine");
		Path nowhere = export("none/run.jsonl");
		assertThat(this.commands.run("audit", "assets", "--export", nowhere).exits(2).problems())
			.containsExactly(nowhere + ": cannot be written: there is no such folder");
	}

	@Test
	void changedExportIsFound() throws IOException {
		Path file = export("run.jsonl");
		this.commands.run("audit", "assets", "--export", file).exits(0);
		String text = Files.readString(file);
		Files.writeString(file, text.replace("\"a/011\"", "\"a/010\""));
		assertThat(this.commands.run("audit", "--verify", file).exits(4).out())
			.matches("run assets\\.1 in \\S+ is NOT intact: range-0000\\d of run assets\\.1, call 1: .*\\R");
		Files.writeString(file, text.substring(0, text.length() - 9));
		Result cut = this.commands.run("audit", "--verify", file, "--json").exits(4);
		assertThat(cut.json().at("/verification/problem").asString())
			.isEqualTo("line 4: the file is cut off or damaged here");
	}

	@Test
	void whatIsNoExportIsSaidSo() throws IOException {
		Path missing = export("none.jsonl");
		assertThat(this.commands.run("audit", "--verify", missing).exits(2).problems())
			.containsExactly(missing + ": there is no such file");
		Path other = Files.writeString(export("other.jsonl"), "{\"format\":\"other\"}\n");
		assertThat(this.commands.run("audit", "--verify", other).exits(2).problems())
			.containsExactly(other + ": is no run that 'audit RUN --export' wrote");
		assertThat(this.commands.run("audit", "--verify", this.folder.resolve("none.yaml")).exits(2).problems())
			.hasSize(1);
		assertThat(this.commands.run("audit", "--verify", this.table.definition()).exits(0).out())
			.startsWith("assets.1 is intact: ");
	}

	@Test
	void waysToAuditAreNotMixed() {
		for (String other : List.of("--verify", "--format=jsonl")) {
			assertThat(this.commands.run("audit", "assets", "--export", export("run"), other).exits(2).problems())
				.hasSize(1);
		}
		assertThat(export("run")).doesNotExist();
	}

}
