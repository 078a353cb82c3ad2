package io.kvpurge.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import io.kvpurge.cli.CommandLineTester.Result;

import static org.assertj.core.api.Assertions.assertThat;

/** What a definition may have wrong: one line each, exit status 2, nothing touched. */
class BadDefinitionTests {

	@TempDir
	Path folder;

	private AssetTable table;

	private CommandLineTester commands;

	@BeforeEach
	void noTable() {
		this.table = new AssetTable(this.folder);
		this.commands = new CommandLineTester(this.folder.resolve("home"));
	}

	private void assertRefused(Path definition, String problem, Object... more) {
		for (boolean json : new boolean[] { false, true }) {
			List<Object> args = new ArrayList<>(List.of("run", definition));
			args.addAll(List.of(more));
			if (json) {
				args.add("--json");
			}
			Result result = this.commands.run(args.toArray()).exits(2);
			assertThat(result.problems()).singleElement().asString().startsWith(definition + problem);
			if (json) {
				assertError(result.json(), 2, "USAGE", result.problems());
			}
			else {
				assertThat(result.out()).isEmpty();
			}
		}
		assertThat(this.commands.home()).doesNotExist();
		assertThat(this.table.exists()).isFalse();
	}

	static void assertError(JsonNode json, int exit, String status, List<String> problems) {
		assertThat(json.propertyNames()).containsExactly("schema", "run", "status", "exit", "reason", "errors");
		assertThat(json.get("run").isNull()).isTrue();
		assertThat(json.get("exit").asInt()).isEqualTo(exit);
		assertThat(json.get("status").asString()).isEqualTo(status);
		assertThat(json.get("reason").asString()).isEqualTo(problems.get(0));
		assertThat(json.get("errors").valueStream().map(JsonNode::asString)).containsExactlyElementsOf(problems);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					version: 1       | version: [                | :3: not YAML:
					name: assets     | nam: assets               | :2: unknown field 'nam', did you mean 'name'?
					name: assets     | name: 7                   | :2: 'name' is taken for a number
					partitions: 2    | partitions: 0             | :8: 'partitions' is '0': expected a whole number from 1 to 256
					partitions: 2    | keep: all                 | :8: field 'keep' stands here a second time (first in line 7)
					where: "metadata.size >= 10" | where: "metadata.size >="  | :6: 'select.where': column 17 of the rule:
					where: "metadata.size >= 10" | where: "key > 5"           | :6: 'select.where': column 5 of the rule:
					where: "metadata.size >= 10" | where: "key"               | :6: 'select.where': column 1 of the rule: the rule is no condition
					where: "metadata.size >= 10" | where: "kee == 'a'"        | :6: 'select.where': column 1 of the rule: undeclared reference to 'kee'
					where: "metadata.size >= 10" | where: key == 'a' # b      | :6: 'select.where' is not in quotes and a comment follows
					where: "metadata.size >= 10" | wher: all                  | :5: field 'select.where' is missing
					prefixes: ["a/"] | prefixs: ["a/"]           | :5: field 'select.prefixes' is missing
					type: jdbc       | type: jdbcc               | :3: unknown store type 'jdbcc', did you mean 'jdbc'?
					jdbc:h2:file:    | jdbc:h2:${UNSET_DIR}      | :3: environment variable UNSET_DIR is not set (store.url)
					""")
	void namesTheLine(String piece, String replacement, String problem) {
		Path definition = this.table.definition(piece, replacement);
		Result result = this.commands.run("run", definition).exits(2);
		assertThat(result.problems()).anySatisfy((line) -> assertThat(line).startsWith(definition + problem));
		Result json = this.commands.run("run", definition, "--json").exits(2);
		assertError(json.json(), 2, "USAGE", result.problems());
		assertThat(this.commands.home()).doesNotExist();
		assertThat(this.table.exists()).isFalse();
	}

	@Test
	void refusesAMissingFile() {
		assertRefused(this.folder.resolve("none.yaml"), ": there is no such file");
	}

	@Test
	void refusesAnEmptyFile() {
		assertRefused(this.table.write("empty.yaml", ""), ": the file is empty");
	}

	@Test
	void refusesAFolder() throws Exception {
		assertRefused(Files.createDirectory(this.folder.resolve("jobs.yaml")), ": is a folder: name a file in it");
	}

	@Test
	void refusesParametersThatAreNotDeclaredMissingOrEmpty() {
		Path none = this.table.definition();
		assertRefused(none, ": unknown parameter 'x': none is declared", "-p", "x=1");
		Path declared = this.table.definition("select:", "parameters: {size: int}\nselect:");
		assertRefused(declared, ": parameter 'size' is missing: give it with -p size=VALUE");
		assertRefused(declared, ": parameter 'size' is empty: expected a whole number", "-p", "size=");
		assertRefused(declared, ": parameter 'size' is 'x': expected a whole number", "-p", "size=x");
		assertRefused(declared, ": parameter 'size' is given 2 times: expected a whole number", "-p", "size=1", "-p",
				"size=2");
	}

	@Test
	void saysEachProblemInALineOfItsOwn() {
		Path definition = this.table.write("two.yaml",
				"version: 2\nname: A\nstore: {type: memory, name: x}\n" + "select: {prefixes: [\"a\"], where: all}\n");
		Result result = this.commands.run("run", definition, "--json").exits(2);
		assertThat(result.problems()).hasSize(2);
		assertError(result.json(), 2, "USAGE", result.problems());
	}

}
