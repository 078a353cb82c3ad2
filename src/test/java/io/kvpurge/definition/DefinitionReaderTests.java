package io.kvpurge.definition;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.kvpurge.given.KeyFile;
import io.kvpurge.given.KeyFileFormat;
import io.kvpurge.given.KeyList;
import io.kvpurge.store.Key;

import static io.kvpurge.definition.DefinitionTexts.GOOD;
import static io.kvpurge.definition.DefinitionTexts.problems;
import static io.kvpurge.definition.DefinitionTexts.read;
import static io.kvpurge.definition.DefinitionTexts.with;
import static org.assertj.core.api.Assertions.assertThat;

class DefinitionReaderTests {

	@TempDir
	Path folder;

	@Test
	void readsEveryField() {
		PurgeDefinition definition = read(GOOD);
		assertThat(definition.name()).isEqualTo("demo");
		assertThat(definition.text()).isEqualTo(GOOD);
		assertThat(definition.source()).isEqualTo("a.yaml");
		assertThat(definition.store().type()).isEqualTo("memory");
		assertThat(definition.parameters()).containsOnlyKeys("tag");
		assertThat(definition.prefixes()).containsExactly("page/");
		assertThat(definition.where().text()).isEqualTo("metadata.tag == params.tag");
		assertThat(definition.keep()).isNotNull();
		assertThat(definition.partitions()).isEqualTo(2);
	}

	@Test
	void worksOnFourRangesWhereNothingIsSaid() {
		assertThat(read(with("partitions: 2\n", "")).partitions()).isEqualTo(4);
	}

	@Test
	void keepsNothingWhereNothingIsSaid() {
		assertThat(read(with("keep: \"metadata.field('pinned') == true\"\n", "")).keep()).isNull();
	}

	@Test
	void refusesAFileThatIsNotThere() {
		Path file = this.folder.resolve("none.yaml");
		assertThat(problems(() -> new DefinitionReader().read(file))).containsExactly(file + ": there is no such file");
	}

	@Test
	void refusesAFolder() {
		assertThat(problems(() -> new DefinitionReader().read(this.folder)))
			.containsExactly(this.folder + ": is a folder: name a file in it");
	}

	@Test
	void refusesWhatIsNotUtf8() throws IOException {
		Path file = Files.write(this.folder.resolve("latin.yaml"), new byte[] { 'a', ':', ' ', (byte) 0xe4, '\n' });
		assertThat(problems(() -> new DefinitionReader().read(file))).containsExactly(file + ": is not UTF-8 text");
	}

	@Test
	void refusesAnEmptyFile() {
		assertThat(problems("")).containsExactly("a.yaml: the file is empty");
	}

	@Test
	void refusesAFileOfComments() {
		assertThat(problems("# nothing\n\n# else\n")).containsExactly("a.yaml: the file is empty");
	}

	@Test
	void refusesAFileOfOneText() {
		assertThat(problems("hello")).containsExactly("a.yaml: fields are expected: lines such as 'version: 1'");
	}

	@Test
	void namesTheLineOfAYamlError() {
		assertThat(problems("version: 1\nname: [demo\nstore: x\n")).singleElement()
			.asString()
			.startsWith("a.yaml:3: not YAML: ");
	}

	@Test
	void refusesTabs() {
		assertThat(problems("version: 1\nstore:\n\ttype: memory\n")).singleElement()
			.asString()
			.startsWith("a.yaml:3: not YAML: found character '\\t(TAB)' that cannot start any token");
	}

	@Test
	void refusesASecondDocument() {
		assertThat(problems(GOOD + "---\n" + GOOD))
			.containsExactly("a.yaml:13: a second YAML document begins here: one file has one definition");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					version: 1   | verzion: 1     | 1 | unknown field 'verzion', did you mean 'version'?
					'  name: te' | '  naem: te'   | 5 | unknown field 'naem', did you mean 'name'?
					prefixes:    | prefixs:       | 9 | unknown field 'prefixs', did you mean 'prefixes'?
					partitions:  | Partitions:    | 12 | unknown field 'Partitions', did you mean 'partitions'?
					'tag: string'| 'tag: {type: string, defualt: a}' | 7 | unknown field 'defualt', did you mean 'default'?
					keep:        | zzz:           | 11 | unknown field 'zzz': expected approval, backup, keep, limits, name, parameters, partitions, partitions-on, plan-valid-for, recheck, select, store, verify, version
					""")
	void namesAnUnknownFieldAndTheNearest(String piece, String replacement, int line, String message) {
		assertThat(problems(with(piece, replacement))).contains("a.yaml:" + line + ": " + message);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					name: demo   | 'name: demo\nname: other' | a.yaml:3: field 'name' stands here a second time (first in line 2)
					'  name: tests' | '  name: tests\n  name: b' | a.yaml:6: field 'store.name' stands here a second time (first in line 5)
					'  tag: string' | '  tag: string\n  tag: int' | a.yaml:8: field 'parameters.tag' stands here a second time (first in line 7)
					'tag: string' | 'tag: {type: string, type: int}' | a.yaml:7: field 'parameters.tag.type' stands here a second time (first in line 7)
					""")
	void refusesAFieldThatStandsTwice(String piece, String replacement, String problem) {
		assertThat(problems(with(piece, replacement.replace("\\n", "\n")))).containsExactly(problem);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					name: demo    | name: [a, b]  | a.yaml:2: 'name' is a list: expected one text
					name: demo    | name: {a: b}  | a.yaml:2: 'name' is a section: expected one text
					name: demo    | name: 123     | a.yaml:2: 'name' is taken for a number: put 123 in quotes if it is a text
					name: demo    | name: 22:00   | a.yaml:2: 'name' is taken for a number: put 22:00 in quotes if it is a text
					name: demo    | name: on      | a.yaml:2: 'name' is taken for a truth value: put on in quotes if it is a text
					name: demo    | name: 2026-01-31 | a.yaml:2: 'name' is taken for a time: put 2026-01-31 in quotes if it is a text
					name: demo    | name: ~       | a.yaml:2: 'name' has no value
					name: demo    | 'name:'       | a.yaml:2: 'name' has no value
					name: demo    | name: Demo    | a.yaml:2: 'name' is 'Demo': expected up to 63 lower-case letters, digits, '-' and '_', a letter or digit first
					name: demo    | name: ../demo | a.yaml:2: 'name' is '../demo': expected up to 63 lower-case letters, digits, '-' and '_', a letter or digit first
					name: demo    | 'name: ""'    | a.yaml:2: 'name' is '': expected up to 63 lower-case letters, digits, '-' and '_', a letter or digit first
					partitions: 2 | partitions: 0 | a.yaml:12: 'partitions' is '0': expected a whole number from 1 to 256
					partitions: 2 | partitions: 257 | a.yaml:12: 'partitions' is '257': expected a whole number from 1 to 256
					partitions: 2 | partitions: -1 | a.yaml:12: 'partitions' is '-1': expected a whole number from 1 to 256
					partitions: 2 | partitions: 010 | a.yaml:12: 'partitions' is '010': expected a whole number from 1 to 256
					partitions: 2 | partitions: 1.5 | a.yaml:12: 'partitions' is '1.5': expected a whole number from 1 to 256
					partitions: 2 | partitions: [2] | a.yaml:12: 'partitions' is a list: expected a whole number from 1 to 256
					partitions: 2 | 'partitions: "2"' | a.yaml:12: 'partitions' is '2' in quotes: expected a whole number from 1 to 256
					version: 1    | version: 2    | a.yaml:1: this version of kvpurge reads definitions of version 1 only
					'version: 1\n'| ''            | a.yaml:1: field 'version' is missing: begin with 'version: 1'
					'name: demo\n'| ''            | a.yaml:1: field 'name' is missing
					'parameters:\n  tag: string' | 'parameters: [tag]' | a.yaml:6: 'parameters' is a list: expected fields below it
					""")
	void namesWhatIsWrongWithAValue(String piece, String replacement, String problem) {
		assertThat(problems(with(piece.replace("\\n", "\n"), replacement))).contains(problem);
	}

	@Test
	void refusesSectionsWithoutContent() {
		assertThat(problems("version: 1\nname: a\nstore:\nselect:\n")).containsExactly(
				"a.yaml:3: 'store' has no value: expected fields below it",
				"a.yaml:4: 'select' has no value: expected fields below it");
	}

	@Test
	void refusesAMissingStoreAndSelect() {
		assertThat(problems("version: 1\nname: a\n")).containsExactly(
				"a.yaml:1: field 'store' is missing: which store?", "a.yaml:1: field 'select' is missing: which keys?");
	}

	@Test
	void saysWhoWorksOnTheRanges() {
		assertThat(new DefinitionReader().read(GOOD, "a.yaml").partitioning().onWorkers()).isFalse();
		assertThat(new DefinitionReader().read(GOOD + "partitions-on: process\n", "a.yaml").partitioning().onWorkers())
			.isFalse();
		PurgeDefinition onWorkers = new DefinitionReader().read(GOOD + "partitions-on: workers\n", "a.yaml");
		assertThat(onWorkers.partitioning().onWorkers()).isTrue();
		assertThat(problems(GOOD + "partitions-on: moon\n"))
			.containsExactly("a.yaml:13: 'partitions-on' is 'moon': expected process or workers");
	}

	@Test
	void saysWhereToSave() {
		assertThat(new DefinitionReader().read(GOOD, "a.yaml").backup()).isNull();
		assertThat(new DefinitionReader().read(GOOD + "backup: false\n", "a.yaml").backup()).isNull();
		assertThat(new DefinitionReader().read(GOOD + "backup: true\n", "a.yaml").backup())
			.isEqualTo(BackupTarget.HOME);
		assertThat(new DefinitionReader().read(GOOD + "backup: {directory: /mnt/saved}\n", "a.yaml").backup())
			.isEqualTo(new BackupTarget("/mnt/saved"));
		assertThat(new DefinitionReader().read(GOOD + "backup: true\n", "a.yaml").digest())
			.as("it does not decide which keys go")
			.isEqualTo(new DefinitionReader().read(GOOD, "a.yaml").digest());
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', delimiter = '|',
			textBlock = """
					backup: maybe                  | 'backup' is 'maybe': expected true or false
					backup: {}                     | field 'backup.directory' is missing: where? For the home, write: backup: true
					backup: {directory: saved}     | 'backup.directory' is 'saved': expected an absolute path
					backup: {folder: /mnt/saved}   | unknown field 'folder': expected directory
					backup: {directory: "${DIR}"}  | 'backup.directory'
					""")
	void refusesAPlaceThatIsNone(String line, String message) {
		assertThat(problems(GOOD + line + "\n"))
			.anySatisfy((problem) -> assertThat(problem).startsWith("a.yaml:13: ").contains(message));
	}

	@Test
	void saysWhetherToVerify() {
		assertThat(new DefinitionReader().read(GOOD, "a.yaml").verify()).isFalse();
		assertThat(new DefinitionReader().read(GOOD + "verify: true\n", "a.yaml").verify()).isTrue();
	}

	@Test
	void saysWhatHoldsForPlans() {
		assertThat(new DefinitionReader().read(GOOD, "a.yaml").plans()).isEqualTo(PlanTerms.DEFAULT);
		assertThat(new DefinitionReader().read(GOOD + "approval: required\nplan-valid-for: 90m\n", "a.yaml").plans())
			.isEqualTo(new PlanTerms(true, Duration.ofMinutes(90)));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					approval: none       | 'approval' is 'none': expected required, or nothing
					plan-valid-for: soon | 'plan-valid-for' is 'soon': expected a duration longer than nothing, such as 24h or 90m
					plan-valid-for: 0s   | 'plan-valid-for' is '0s': expected a duration longer than nothing, such as 24h or 90m
					""",
			quoteCharacter = '`')
	void refusesWhatCannotHoldForPlans(String line, String message) {
		assertThat(problems(GOOD + line + "\n")).containsExactly("a.yaml:13: " + message);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					keys: []             | 'select.keys' has 0 keys: expected 1 to 1000; a file may have more: select.keys-file
					keys: [""]           | 'select.keys' has a text that is no key: it is empty
					keys: ["\\ud800"]    | 'select.keys' has a text that is no key: no UTF-8 text: it holds an unpaired surrogate
					keys-file: ""        | 'select.keys-file' is '': expected the path of a file, or '-' for standard input
					keys-file: "${X}"    | 'select.keys-file' has ${X}: placeholders stand under 'store' only
					keys-file: {path: a, format: csv} | 'select.keys-file.format' is 'csv': expected text, jsonl or nul
					""",
			quoteCharacter = '`')
	void refusesKeysThatAreNone(String line, String message) {
		assertThat(problems(with("  where:", "  " + line + "\n  where:"))).containsExactly("a.yaml:10: " + message);
	}

	@Test
	void refusesKeysThatAreNamedTwiceOrDivided() {
		assertThat(problems(with("  where:", "  keys: [a]\n  keys-file: b\n  where:")))
			.containsExactly("a.yaml:10: give either 'select.keys' or 'select.keys-file', not both");
		assertThat(problems(with("  where:", "  keys: [a]\n  split-by: ab\n  where:"))).containsExactly(
				"a.yaml:11: 'select.split-by' divides what is listed, but keys that are named are not: leave it out");
	}

	@Test
	void keysNeedNoPrefix() {
		PurgeDefinition definition = read(with("  prefixes: [\"page/\"]", "  keys: [b, a]"));
		assertThat(definition.prefixes()).containsExactly("");
		assertThat(definition.keys()).isEqualTo(new KeyList(List.of(Key.of("b"), Key.of("a"))));
		assertThat(read(GOOD).keys()).isNull();
	}

	@Test
	void aFileOfKeysIsFoundBesideTheDefinition(@TempDir Path folder) throws Exception {
		Path file = Files.writeString(folder.resolve("a.yaml"),
				with("  prefixes: [\"page/\"]", "  keys-file: lists/old.jsonl"));
		assertThat(new DefinitionReader().read(file).keys()).isEqualTo(new KeyFile("lists/old.jsonl",
				KeyFileFormat.JSONL, folder.toAbsolutePath().resolve("lists/old.jsonl")));
		assertThat(read(Files.readString(file)).keys())
			.isEqualTo(new KeyFile("lists/old.jsonl", KeyFileFormat.JSONL, null));
	}

	@Test
	void saysEverythingThatIsWrongInTheOrderOfLines() {
		String text = with("name: demo", "name: Demo").replace("partitions: 2", "partitions: 0")
			.replace("type: memory", "type: memroy")
			.replace("tag: string", "tag: strng")
			.replace("where:", "were:");
		assertThat(problems(text)).hasSize(6)
			.extracting((line) -> line.substring(0, line.indexOf(": ")))
			.isEqualTo(List.of("a.yaml:2", "a.yaml:4", "a.yaml:7", "a.yaml:9", "a.yaml:10", "a.yaml:12"));
	}

}
