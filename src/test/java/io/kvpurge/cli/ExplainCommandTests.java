package io.kvpurge.cli;

import java.nio.file.Path;
import java.time.Clock;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import io.kvpurge.ledger.LedgerDatabase;

import static org.assertj.core.api.Assertions.assertThat;

class ExplainCommandTests {

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

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			b/1   | outside   | it is under no prefix of the definition: stays
			a/xyz | absent    | it is not in the store
			a/001 | unmatched | the rule does not match: stays
			a/010 | held      | the rule matches, but 'keep' holds it: stays
			a/011 | matched   | the rule matches: the next run would delete it
			a/050 | held      | the rule matches, but 'keep' holds it: stays
			a/099 | undecided | the rule cannot be decided (metadata.size is null): stays
			""")
	void keyIsJudgedEvenWhereTheDefinitionNeverRan(String key, String verdict, String sentence) {
		this.table.execute("update \"assets\" set \"size\" = null where \"key\" = 'a/099'");
		String out = this.commands.run("explain", this.table.definition(), key).exits(0).out();
		assertThat(out.lines()).hasSize(3)
			.startsWith(key + " and the definition assets", "  the definition has not run yet");
		JsonNode json = this.commands.run("explain", this.table.definition(), key, "--json").exits(0).json();
		assertThat(json.at("/now/verdict").stringValue()).isEqualTo(verdict);
		assertThat(json.get("key").stringValue()).isEqualTo(key);
		assertThat(json.get("runs").intValue()).isZero();
		assertThat(json.get("calls")).isEmpty();
		if (!verdict.equals("undecided")) {
			assertThat(out).endsWith("  now: " + sentence + System.lineSeparator());
		}
		else {
			assertThat(json.at("/now/reason").stringValue()).isNotBlank();
		}
	}

	@Test
	void everyRunThatHadTheKeyIsNamed() {
		this.commands.run("run", this.table.definition()).exits(0);
		this.table.execute("insert into \"assets\" values ('a/011', 11, 'js')");
		Path changed = this.table.definition("metadata.size >= 10", "metadata.size >= 11");
		this.commands.run("run", changed).exits(0);
		String out = this.commands.run("explain", changed, "a/011").exits(0).out();
		assertThat(out.lines().toList()).hasSize(4)
			.satisfies((lines) -> assertThat(lines.get(1)).matches("  assets\\.2: deleted by range 1 call 1 "
					+ "\\(attempt 1\\), announced \\S+, settled \\S+, by the definition as it is now, launched by \\S+ "
					+ "on \\S+ \\(version \\S+\\)"),
					(lines) -> assertThat(lines.get(2)).startsWith("  assets.1: deleted by range ")
						.contains(", by an earlier definition, digest "),
					(lines) -> assertThat(lines.get(3)).isEqualTo("  now: it is not in the store"));
		JsonNode json = this.commands.run("explain", changed, "a/011", "--json").exits(0).json();
		assertThat(json.get("calls")).hasSize(2);
		assertThat(json.at("/calls/0/run").stringValue()).isEqualTo("assets.2");
		assertThat(json.at("/calls/0/outcome").stringValue()).isEqualTo("deleted");
		assertThat(json.at("/calls/0/digest")).isEqualTo(json.get("digest"));
		assertThat(json.at("/calls/1/digest")).isNotEqualTo(json.get("digest"));
		assertThat(this.commands.run("explain", changed, "a/001").exits(0).out())
			.contains("  it stands in no call of the runs whose calls are there (2 of 2)");
	}

	@Test
	void whatTheLedgerSaysIsSaidEvenWhereTheStoreCannotBeAsked() {
		this.commands.run("run", this.table.definition()).exits(0);
		Path elsewhere = this.table.definition(this.table.url(), "${NOT_SET}");
		String out = this.commands.run("explain", elsewhere, "a/011").exits(1).out();
		assertThat(out).contains("assets.1: deleted by range", "now: not known, as the store cannot be asked: ",
				"environment variable NOT_SET is not set");
		JsonNode json = this.commands.run("explain", elsewhere, "a/011", "--json").exits(1).json();
		assertThat(json.at("/now/verdict").stringValue()).isEqualTo("unknown");
		assertThat(json.get("calls")).hasSize(1);
		assertThat(json.get("errors")).hasSize(1);
	}

	@Test
	void keyThatIsNoTextIsGivenInBase64() {
		JsonNode json = this.commands.run("explain", this.table.definition(), "--key64", "YS//", "--json")
			.exits(0)
			.json();
		assertThat(json.get("key64").stringValue()).isEqualTo("YS//");
		assertThat(json.at("/now/verdict").stringValue()).isEqualTo("absent");
		assertThat(this.commands.run("explain", this.table.definition(), "--key64", "YS8x").exits(0).out())
			.startsWith("a/1 and");
	}

	@Test
	void usageIsChecked() {
		Path file = this.table.definition();
		assertThat(this.commands.run("explain", file).exits(2).problems())
			.containsExactly("what to explain is missing: give FILE, and KEY or --key64");
		this.commands.run("explain", file, "a", "--key64", "YQ==").exits(2);
		this.commands.run("explain").exits(2);
		assertThat(this.commands.run("explain", file, "--key64", "???").exits(2).problems()).hasSize(1)
			.allMatch((line) -> line.startsWith("--key64: is no base64"));
	}

	@Test
	void nothingIsChangedOrMade() {
		this.commands.run("explain", this.table.definition(), "a/011").exits(0);
		assertThat(this.table.keys()).hasSize(110);
		assertThat(this.commands.home()).doesNotExist();
	}

	@Test
	void ledgerThatIsOpenElsewhereIsBusy() {
		this.commands.run("run", this.table.definition()).exits(0);
		Path file = this.commands.ledger("assets");
		try (LedgerDatabase database = LedgerDatabase.openFile(file, Clock.systemUTC())) {
			assertThat(database.ledger().definitions()).containsExactly("assets");
			this.commands.run("explain", this.table.definition(), "a/011").exits(5);
		}
	}

}
