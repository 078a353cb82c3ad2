package io.kvpurge.cli;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import io.kvpurge.cli.CommandLineTester.Result;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code plan} and {@code apply}. */
class PlanCommandTests {

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

	private Path definitionWith(String more) throws Exception {
		Path definition = this.table.definition();
		return Files.writeString(definition, Files.readString(definition) + more);
	}

	private JsonNode plan() {
		return this.commands.run("plan", this.table.definition(), "--json").exits(0).json();
	}

	@Test
	void showsWhatWouldGo() {
		Result result = this.commands.run("plan", this.table.definition()).exits(0);
		assertThat(result.out()).startsWith("assets.1 COMPLETED after ")
			.contains("planned only: nothing was deleted", "  matched    81\n", "  prefixes   81 under 'a/'\n",
					"  metadata   1 with size: 11\n", "             and 71 more (--json has them all)\n",
					"  sample     a/011  {\"size\":11,\"type\":\"js\"}\n", "  forecast   run: ", "             apply: ",
					"  digest     ")
			.doesNotContain("  deleted ", "  seal ");
		assertThat(this.table.keys()).hasSize(110);
	}

	@Test
	void givesItAsOneObject() {
		JsonNode plan = plan();
		assertThat(plan.get("matched").asInt()).isEqualTo(81);
		JsonNode found = plan.get("plan");
		assertThat(found.get("digest").asString()).hasSize(64).isEqualTo(plan.get("seal").asString());
		assertThat(found.get("prefixes").get(0).get("prefix").asString()).isEqualTo("a/");
		assertThat(found.get("prefixes").get(0).get("matched").asInt()).isEqualTo(81);
		assertThat(found.get("metadata").get("size").size()).isEqualTo(81);
		assertThat(found.get("sample").size()).isEqualTo(10);
		assertThat(found.get("forecast").get("apply").get("calls").asInt()).isPositive();
		assertThat(found.get("forecast").get("apply").get("dollars").isNull()).isTrue();
	}

	@Test
	void aDryRunIsAPlan() {
		JsonNode plan = this.commands.run("run", "--dry-run", this.table.definition(), "--json").exits(0).json();
		assertThat(plan.get("plan").get("digest").asString()).hasSize(64);
		this.commands.run("apply", "assets.1").exits(0);
		assertThat(this.table.keys()).hasSize(29);
	}

	@Test
	void exportsItsKeys() {
		Result csv = this.commands.run("plan", this.table.definition(), "--format", "csv").exits(0);
		assertThat(csv.out().lines()).hasSize(82)
			.element(1)
			.asString()
			.startsWith("\"a/011\",,\"planned\",,\"assets.1\",1,1,");
		assertThat(csv.err()).contains("assets.1 COMPLETED after ");
		Result jsonl = this.commands.run("audit", "assets.1", "--format", "jsonl").exits(0);
		assertThat(jsonl.out().lines()).hasSize(81).allMatch((line) -> line.contains("\"outcome\":\"planned\""));
		assertThat(this.commands.run("plan", this.table.definition(), "--format", "csv", "--json").exits(2).problems())
			.containsExactly("--format does not go with --json: its lines are for machines already");
	}

	@Test
	void appliesIt() {
		String digest = plan().get("plan").get("digest").asString();
		Result result = this.commands.run("apply", "assets.1", "--expect", digest).exits(0);
		assertThat(result.out()).startsWith("assets.2 COMPLETED after ")
			.contains("  listed     81\n", "  deleted    81\n", "  plan       assets.1\n");
		assertThat(this.table.keys()).hasSize(29);
		JsonNode audited = this.commands.run("audit", "assets.2", "--json").exits(0).json();
		assertThat(audited.get("applies").asString()).isEqualTo("assets.1");
		assertThat(this.commands.run("audit", "assets.2", "--verify").exits(0).out()).contains("intact");
	}

	@Test
	void whatChangedSinceStaysAndWhatIsGoneIsNamed() {
		plan();
		this.table.execute("update \"assets\" set \"size\" = 5 where \"key\" = 'a/011'",
				"delete from \"assets\" where \"key\" = 'a/012'");
		JsonNode applied = this.commands.run("apply", this.table.definition(), "--json").exits(0).json();
		assertThat(applied.get("deleted").asInt()).isEqualTo(79);
		assertThat(applied.get("spared").asInt()).isEqualTo(1);
		assertThat(applied.get("vanished").asInt()).isEqualTo(1);
		assertThat(this.table.keys()).hasSize(30).contains("a/011");
		assertThat(this.commands.run("audit", "assets", "--format", "csv").out()).contains("\"a/011\",,\"spared\",",
				"\"a/012\",,\"vanished\",");
	}

	@Test
	void anotherOrAnAppliedOrAnUnknownPlanIsRefused() {
		plan();
		assertThat(this.commands.run("apply", "assets.1", "--expect", "0").exits(2).problems()).singleElement()
			.asString()
			.startsWith("plan assets.1 is not the one that was reviewed: its digest is ")
			.endsWith(", expected is 0");
		assertThat(this.table.keys()).hasSize(110);
		this.commands.run("apply", "assets.1").exits(0);
		assertThat(this.commands.run("apply", "assets").exits(2).problems()).singleElement()
			.asString()
			.startsWith("plan assets.1 was applied by run assets.2 on ");
		assertThat(this.commands.run("apply", "assets.2").exits(2).problems())
			.containsExactly("run assets.2 is no plan, but an application of one");
		assertThat(this.commands.run("apply", "assets.9").exits(2).problems())
			.containsExactly("there is no plan assets.9");
		assertThat(this.commands.run("apply", "other").exits(2).problems())
			.containsExactly("there is no plan of other in " + this.commands.location());
	}

	@Test
	void withApprovalRequiredThereIsNoOtherWay() throws Exception {
		Path definition = definitionWith("approval: required\n");
		assertThat(this.commands.run("run", definition).exits(2).problems()).containsExactly(definition
				+ ": needs approval: make a plan with 'kvpurge plan', have it reviewed, and run 'kvpurge apply assets.N"
				+ " --expect DIGEST'");
		String digest = this.commands.run("plan", definition, "--json").exits(0).json().get("seal").asString();
		assertThat(this.commands.run("apply", "assets.1").exits(2).problems()).singleElement()
			.asString()
			.startsWith("plan assets.1 needs approval: ");
		assertThat(this.table.keys()).hasSize(110);
		this.commands.run("apply", "assets.1", "--expect", digest).exits(0);
		assertThat(this.table.keys()).hasSize(29);
	}

	@Test
	void onATerminalItShowsThePlanAndAsks() {
		plan();
		Result declined = this.commands.typing("n\n").run("apply", "assets.1").exits(3);
		assertThat(declined.err()).contains("store    ", "Delete 81 keys? [y/N]");
		assertThat(this.table.keys()).hasSize(110);
		this.commands.typing("y\n").run("apply", "assets.1").exits(0);
		assertThat(this.table.keys()).hasSize(29);
	}

}
