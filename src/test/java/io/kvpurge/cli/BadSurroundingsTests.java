package io.kvpurge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.kvpurge.cli.CommandLineTester.Result;

import static io.kvpurge.cli.BadDefinitionTests.assertError;
import static org.assertj.core.api.Assertions.assertThat;

/** Stores, homes and command lines that cannot be used. */
class BadSurroundingsTests {

	@TempDir
	Path folder;

	private AssetTable table;

	private CommandLineTester commands;

	@BeforeEach
	void noTable() {
		this.table = new AssetTable(this.folder);
		this.commands = new CommandLineTester(this.folder.resolve("home"));
	}

	private Result assertFails(int exit, String status, String problem, Object... args) {
		Result result = this.commands.run(args).exits(exit);
		assertThat(result.problems()).singleElement().asString().contains(problem);
		assertThat(result.out()).isEmpty();
		Object[] withJson = Arrays.copyOf(args, args.length + 1);
		withJson[args.length] = "--json";
		assertError(this.commands.run(withJson).exits(exit).json(), exit, status, result.problems());
		return result;
	}

	@Test
	void anUnreachableDatabaseIsWorthAnotherLaunch() {
		this.commands.set("SHOP_URL", "jdbc:postgresql://127.0.0.1:1/x?password=hunter2");
		Path definition = this.table.definition(this.table.url(), "${SHOP_URL}");
		Result result = assertFails(1, "FAILED",
				"store: cannot connect to jdbc:postgresql://127.0.0.1:1/x?password=***: ", "run", definition);
		assertThat(result.problems().get(0)).endsWith("(launching again may help)").doesNotContain("hunter2");
		assertThat(this.commands.home()).doesNotExist();
	}

	@Test
	void aMissingDatabaseIsNotMade() {
		assertFails(2, "USAGE", "store: there is no database at " + this.table.url(), "run", this.table.definition());
		assertThat(this.table.exists()).isFalse();
		assertThat(this.commands.home()).doesNotExist();
	}

	@Test
	void aMissingTableIsRefused() {
		this.table.execute("create table other (id int)");
		assertFails(2, "USAGE", "assets", "run", this.table.definition());
		assertThat(this.commands.home()).doesNotExist();
	}

	@Test
	void aKeyColumnThatIsNotUniqueIsRefused() {
		this.table
			.execute("create table \"assets\" (\"key\" varchar(200) not null, \"size\" int, \"type\" varchar(10))");
		assertFails(2, "USAGE", "unique", "run", this.table.definition());
		assertThat(this.commands.home()).doesNotExist();
	}

	@Test
	void aHomeThatCannotBeWrittenIsRefused() throws IOException {
		this.table.filled();
		Files.writeString(this.commands.home(), "a file");
		assertFails(2, "USAGE", ": name another home with --home", "run", this.table.definition());
		assertFails(2, "USAGE", "cannot write to " + this.commands.home() + ": name another home with --home", "demo");
		assertFails(2, "USAGE", "cannot write " + this.commands.home(), "stop", "--all");
		assertThat(this.table.keys()).hasSize(110);
	}

	@Test
	void anEmptyHomeIsRefused() {
		Result result = this.commands.runBare("status", "--home", "").exits(2);
		assertThat(result.problems()).containsExactly("--home is empty: name a folder");
	}

	@Test
	void aConfigurationThatIsNotThereIsRefused() {
		Path none = this.folder.resolve("none.yaml");
		assertFails(2, "USAGE", none + ": there is no such file", "run", this.table.definition(), "--config", none);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					''               | a command is missing (see 'kvpurge --help')
					rnu x            | unknown command 'rnu': expected run, plan, apply, resume, stop, status, report, audit, explain, verify, restore, prune, validate, doctor, worker, load, demo, completion (see 'kvpurge --help')
					--nothing        | Unknown option: '--nothing' (see 'kvpurge --help')
					run --dry-rnu x  | Unknown option: '--dry-rnu', did you mean '--dry-run'? (see 'kvpurge run --help')
					run              | what to purge is missing: give FILE, or --store with --prefix, --where and so on
					run a b          | Unmatched argument at index 2: 'b' (see 'kvpurge run --help')
					run x --progress y | Invalid value for option '--progress': expected one of [auto, bar, log, none] (case-sensitive) but was 'y' (see 'kvpurge run --help')
					run x --home     | Missing required parameter for option '--home' (DIR) (see 'kvpurge run --help')
					audit            | Missing required parameter: 'RUN' (see 'kvpurge audit --help')
					validate         | Missing required parameter: 'FILE' (see 'kvpurge validate --help')
					doctor           | Missing required parameter: 'FILE' (see 'kvpurge doctor --help')
					resume           | what to resume is missing: give RUN or --all
					stop             | what to stop is missing: give FILE, RUN or --all
					stop x --all     | what to stop is missing: give FILE, RUN or --all
					load x.yaml      | Missing required parameter: 'ENTRIES' (see 'kvpurge load --help')
					audit a --format jsonl --verify | --format, --verify and --export do not go together: ask one by one
					""")
	void aCommandLineThatMeansNothingIsRefused(String line, String problem) {
		Result result = this.commands.runBare((Object[]) line.split(" ", (line.isEmpty()) ? 1 : 0)).exits(2);
		if (line.isEmpty()) {
			result = this.commands.runBare().exits(2);
		}
		assertThat(result.problems()).containsExactly(problem);
		assertThat(result.out()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "rnu --json", "run --json", "run --json --dry-rnu", "audit --json", "stop --json" })
	void aUsageErrorIsOneObject(String line) {
		Result result = this.commands.runBare((Object[]) line.split(" ")).exits(2);
		assertError(result.json(), 2, "USAGE", result.problems());
	}

	@Test
	void whatLooksLikeAnOptionMayBeAValue() {
		Result result = this.commands.run("run", "--store", "jdbc:x", "--all-keys", "--search=--json").exits(2);
		assertThat(result.out()).isEmpty();
		result = this.commands.runBare("run", "--home", this.commands.home(), "--json", "--", "--json").exits(2);
		assertThat(result.json().get("reason").asString()).isEqualTo("--json: there is no such file");
		assertThat(this.commands.runBare("run", "--home", this.commands.home(), "--", "--json").exits(2).out())
			.isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "../outside", "a/b", "Demo", "..", "a/b.1" })
	void whatIsNoNameBecomesNoFolder(String name) {
		for (String command : new String[] { "stop", "resume", "status", "audit" }) {
			assertThat(this.commands.run(command, name).exits(2).problems()).singleElement()
				.asString()
				.endsWith("' is no definition's name or file, and no run NAME.N");
		}
		assertThat(this.commands.home()).doesNotExist();
		assertThat(this.folder).isEmptyDirectory();
	}

	@ParameterizedTest
	@ValueSource(strings = { "resume", "status", "audit" })
	void aRunThatThereIsNotIsRefused(String command) {
		for (String run : new String[] { "nobody", "nobody.7" }) {
			assertFails(2, "USAGE", "there is no run of nobody in " + this.commands.home(), command, run);
		}
		assertThat(this.commands.home()).doesNotExist();
	}

}
