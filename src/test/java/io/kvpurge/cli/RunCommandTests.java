package io.kvpurge.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import io.kvpurge.cli.CommandLineTester.Result;

import static org.assertj.core.api.Assertions.assertThat;

class RunCommandTests {

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

	private static void assertCounts(JsonNode json, int listed, int unmatched, int held, int matched, int deleted) {
		assertThat(json.get("listed").asInt()).isEqualTo(listed);
		assertThat(json.get("unmatched").asInt()).isEqualTo(unmatched);
		assertThat(json.get("held").asInt()).isEqualTo(held);
		assertThat(json.get("matched").asInt()).isEqualTo(matched);
		assertThat(json.get("deleted").asInt()).isEqualTo(deleted);
	}

	@Test
	void deletesWhatMatchesAndSaysSo() {
		Result result = this.commands.run("run", this.table.definition()).exits(0);
		assertThat(result.out().lines().map(String::strip)).contains("listed     100", "unmatched  10", "held       9",
				"undecided  0", "matched    81", "deleted    81");
		assertThat(result.out()).startsWith("assets.1 COMPLETED after ");
		assertThat(result.err().lines().findFirst()).hasValue("kvpurge assets.1, home " + this.commands.location());
		assertThat(this.table.keys()).hasSize(29).contains("a/000", "a/009", "a/010", "a/090", "b/0", "b/9");
	}

	@Test
	void givesTheResultAsOneObject() {
		JsonNode json = this.commands.run("run", this.table.definition(), "--json").exits(0).json();
		assertThat(json.get("run").asString()).isEqualTo("assets.1");
		assertThat(json.get("exit").asInt()).isZero();
		assertCounts(json, 100, 10, 9, 81, 81);
	}

	@Test
	void aDryRunCountsTheSameAndDeletesNothing() {
		Path definition = this.table.definition();
		JsonNode json = this.commands.run("run", "--dry-run", definition, "--json").exits(0).json();
		assertCounts(json, 100, 10, 9, 81, 0);
		assertThat(json.get("reason").asString()).isEqualTo("planned only: nothing was deleted");
		assertThat(json.get("calls").get("delete").asInt()).isZero();
		Result text = this.commands.run("run", "--dry-run", definition).exits(0);
		assertThat(text.out()).contains("planned only: nothing was deleted").doesNotContain("  deleted ");
		assertThat(this.table.keys()).hasSize(110);
	}

	@Test
	void eachLaunchAfterACompletedRunIsANewOne() {
		Path definition = this.table.definition();
		this.commands.run("run", definition).exits(0);
		JsonNode json = this.commands.run("run", definition, "--new", "--json").exits(0).json();
		assertThat(json.get("run").asString()).isEqualTo("assets.2");
		assertThat(json.get("reason").asString()).isEqualTo("nothing matched");
		assertCounts(json, 19, 10, 9, 0, 0);
	}

	@Test
	void neverAsksWhereNobodySits() {
		Result result = this.commands.piping("n\n").run("run", this.table.definition()).exits(0);
		assertThat(result.err()).doesNotContain("[y/N]");
		assertThat(this.table.keys()).hasSize(29);
	}

	@Test
	void readsAStoreOfTheConfigurationAndFlagsInPlaceOfAFile() throws Exception {
		configure();
		JsonNode json = this.commands
			.run("run", "--store", "jdbc:assets", "--prefix", "a/", "--where", "metadata.size < 50", "--pattern",
					".*[05]", "--json")
			.exits(0)
			.json();
		assertCounts(json, 100, 90, 0, 10, 10);
		assertThat(json.get("run").asString()).matches("adhoc-[0-9a-f]{12}\\.1");
	}

	@Test
	void theRuleForAllEntriesMayStandBesideOtherFlags() throws Exception {
		configure();
		JsonNode json = this.commands
			.run("run", "--store", "jdbc:assets", "--all-keys", "--where", "all", "--pattern", "b/[0-4]", "--json")
			.exits(0)
			.json();
		assertCounts(json, 110, 105, 0, 5, 5);
	}

	@Test
	void deletesTheKeysThatAreNamed() throws Exception {
		configure();
		Path keys = this.table.write("keys.txt", "a/001\n\na/002\nnone\n");
		assertCounts(
				this.commands.run("run", "--store", "jdbc:assets", "--keys", "b/1", "b/2", "--json").exits(0).json(), 2,
				0, 0, 2, 2);
		assertCounts(this.commands.run("run", "--store", "jdbc:assets", "--keys-file", keys, "--json").exits(0).json(),
				2, 0, 0, 2, 2);
		assertCounts(this.commands.piping("a/003\n")
			.run("run", "--store", "jdbc:assets", "--keys-file", "-", "--json")
			.exits(0)
			.json(), 1, 0, 0, 1, 1);
		assertCounts(this.commands.piping("a/004\0a/\n\0")
			.run("run", "--store", "jdbc:assets", "--keys-file", "-", "--keys-format", "nul", "--json")
			.exits(0)
			.json(), 1, 0, 0, 1, 1);
		assertThat(this.table.keys()).hasSize(104).doesNotContain("b/1", "b/2", "a/001", "a/002", "a/003", "a/004");
	}

	@Test
	void deletesTheKeysThatAnAuditNames() throws Exception {
		configure();
		this.commands.run("plan", "--store", "jdbc:assets", "--prefix", "b/").exits(0);
		String audit = this.commands.run("plan", "--store", "jdbc:assets", "--prefix", "b/", "--format", "jsonl")
			.exits(0)
			.out();
		Path keys = this.table.write("keys.jsonl", audit);
		Path saved = this.folder.resolve("keys.yaml");
		this.commands.run("run", "--store", "jdbc:assets", "--keys-file", keys, "--save", saved).exits(0);
		assertThat(this.table.keys()).hasSize(100).noneMatch((key) -> key.startsWith("b/"));
		assertThat(this.commands.run("validate", saved).exits(0).out()).contains("  keys: 10 in " + keys + "\n");
		assertThat(this.commands.run("explain", saved, "b/1").exits(0).out()).contains("by the definition as it is now",
				"now: it is not in the store");
		assertThat(this.commands.run("explain", saved, "a/001").exits(0).out())
			.contains("now: it is not among the keys that the definition names: stays");
	}

	@Test
	void refusesKeysThatCannotBeRead() throws Exception {
		configure();
		Path keys = this.table.write("keys.jsonl", "\"a/001\"\na/002\n");
		assertThat(this.commands.run("run", "--store", "jdbc:assets", "--keys-file", keys).exits(2).problems())
			.singleElement()
			.asString()
			.startsWith(keys + ":2: is not JSON: ");
		Path none = Path.of("none.txt").toAbsolutePath();
		assertThat(this.commands.run("run", "--store", "jdbc:assets", "--keys-file", "none.txt").exits(2).problems())
			.containsExactly(none + ": there is no such file");
		assertThat(this.commands.run("run", "--store", "jdbc:assets", "--keys-file", keys, "--keys-format", "csv")
			.exits(2)
			.problems()).containsExactly("--keys-format is 'csv': expected text, jsonl or nul");
		assertThat(this.commands.run("run", "--store", "jdbc:assets", "--keys", "a", "--keys-format", "nul")
			.exits(2)
			.problems()).containsExactly("--keys-format is that of --keys-file, which is missing");
		assertThat(this.commands.run("run", "--store", "jdbc:assets", "--keys", "a", "--keys-file", keys)
			.exits(2)
			.problems()).containsExactly("give either --keys or --keys-file, not both");
		assertThat(this.commands
			.run("run", "--store", "jdbc:assets", "--keys-file", "-", "--save", this.folder.resolve("x"))
			.exits(2)
			.problems())
			.containsExactly("--save cannot write down what comes from standard input: give --keys-file a file");
	}

	@Test
	void whatCameFromStandardInputIsLaunchedAgainWithIt() throws Exception {
		configure();
		Result planned = this.commands.piping("a/001\na/002\n")
			.run("plan", "--store", "jdbc:assets", "--keys-file", "-", "--json")
			.exits(0);
		assertThat(planned.json().get("matched").asInt()).isEqualTo(2);
		String plan = planned.json().get("run").asString();
		this.commands.run("apply", plan).exits(0);
		assertThat(this.table.keys()).hasSize(108);
		Path definition = this.table.write("piped.yaml",
				Files.readString(this.table.definition())
					.replaceFirst("prefixes: .*", "keys-file: \"-\"")
					.replaceFirst("name: assets", "name: piped"));
		assertThat(this.commands.run("validate", definition).exits(0).out()).contains("  keys: standard input\n");
		Result run = this.commands.piping("a/011\nzzz\n").run("run", definition, "--json").exits(0);
		assertThat(run.json().get("listed").asInt()).isEqualTo(1);
	}

	@Test
	void savesFlagsAsADefinitionOfTheSameName() throws Exception {
		configure();
		Path saved = this.folder.resolve("saved.yaml");
		Object[] command = { "run", "--dry-run", "--store", "jdbc:assets", "--prefix", "a/", "--save", saved,
				"--json" };
		JsonNode json = this.commands.run(command).exits(0).json();
		JsonNode validated = this.commands.run("validate", saved, "--json").exits(0).json();
		assertThat(json.get("run").asString()).isEqualTo(validated.at("/definitions/0/name").asString() + ".1");
		this.commands.run(command).exits(0);
		assertCounts(this.commands.run("run", saved, "--json").exits(0).json(), 100, 0, 0, 100, 100);
	}

	@Test
	void savesOverNothing() throws Exception {
		configure();
		Path saved = this.table.write("saved.yaml", "mine");
		Result result = this.commands.run("run", "--store", "jdbc:assets", "--prefix", "a/", "--save", saved).exits(2);
		assertThat(result.problems())
			.containsExactly(saved + ": is there already and says something else; --save does not replace it");
		assertThat(saved).hasContent("mine");
		Path nowhere = this.folder.resolve("none/saved.yaml");
		assertThat(this.commands.run("run", "--store", "jdbc:assets", "--prefix", "a/", "--save", nowhere)
			.exits(2)
			.problems()).containsExactly(nowhere + ": cannot be written: there is no such folder");
		assertThat(this.table.keys()).hasSize(110);
	}

	@Test
	void showsABarApartFromTheResult() {
		Result result = this.commands.run("run", this.table.definition(), "--progress", "bar", "--json").exits(0);
		assertThat(result.json().get("deleted").asInt()).isEqualTo(81);
		assertThat(result.err()).contains("100%", "100 listed 81 matched 81 deleted");
		assertThat(this.commands.run("stop", "assets").exits(0).err()).isEmpty();
		assertThat(this.commands.run("run", this.table.definition(), "--progress", "bar").exits(3).err().lines())
			.hasSize(1);
	}

	@Test
	void refusesFlagsBesideAFile() {
		Path definition = this.table.definition();
		Object[][] flags = { { "--prefix", "a/0" }, { "--all-keys" }, { "--where", "all" }, { "--tag-field", "x" },
				{ "--search", "x" }, { "--pattern", "x" }, { "--keys", "x" }, { "--keys-file", "x" },
				{ "--store", "jdbc:x" }, { "--save", "x" } };
		for (Object[] flag : flags) {
			Object[] args = Stream.concat(Stream.of("run", definition), Arrays.stream(flag)).toArray();
			assertThat(this.commands.run(args).exits(2).problems())
				.containsExactly("give either FILE or --store with --prefix, --where and so on, not both");
		}
		assertThat(this.table.keys()).hasSize(110);
	}

	private void configure() throws Exception {
		Files.createDirectories(this.commands.home());
		Files.writeString(this.commands.home().resolve("kvpurge.yaml"),
				"stores:\n  assets: " + this.table.section() + "\n");
	}

}
