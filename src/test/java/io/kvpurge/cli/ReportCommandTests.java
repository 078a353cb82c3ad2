package io.kvpurge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import io.kvpurge.cli.CommandLineTester.Result;
import io.kvpurge.testkit.Page;

import static org.assertj.core.api.Assertions.assertThat;

class ReportCommandTests {

	@TempDir
	Path folder;

	private AssetTable table;

	private CommandLineTester commands;

	private Path reports;

	@BeforeEach
	void fill() {
		this.table = new AssetTable(this.folder).filled();
		this.commands = new CommandLineTester(this.folder.resolve("home"));
		this.reports = this.commands.home().resolve("reports");
	}

	@Test
	void everyRunAndPlanLeavesItsPageUnderTheHome() throws IOException {
		Result plan = this.commands.run("plan", this.table.definition()).exits(0);
		assertThat(plan.err()).contains("kvpurge assets.1 report in " + this.reports.resolve("assets.1.html"));
		this.commands.run("run", this.table.definition()).exits(0);
		assertThat(this.reports.toFile().list()).containsExactlyInAnyOrder("assets.1.html", "assets.2.html");
		Page page = new Page(Files.readString(this.reports.resolve("assets.2.html")));
		assertThat(page.section("funnel")).contains("held9", "deleted81");
	}

	@Test
	void aRunOfThePastIsDrawnAgain() throws IOException {
		this.commands.run("run", this.table.definition()).exits(0);
		Path file = this.folder.resolve("pages/one.html");
		assertThat(this.commands.run("report", "assets.1", "--html", file).exits(0).out()).contains(file.toString());
		assertThat(new Page(Files.readString(file)).texts("//h1")).containsExactly("assets.1 COMPLETED");
		Files.delete(this.reports.resolve("assets.1.html"));
		this.commands.run("report", "assets").exits(0);
		assertThat(this.reports.resolve("assets.1.html")).exists();
		assertThat(this.commands.run("report", "assets.9").exits(2).problems())
			.containsExactly("there is no run assets.9 in " + this.commands.home());
	}

	@Test
	void theJsonBeginsWithTheResultObject() {
		JsonNode result = this.commands.run("run", this.table.definition(), "--json").exits(0).json();
		JsonNode report = this.commands.run("report", "assets", "--json").exits(0).json();
		result.propertyNames().forEach((field) -> assertThat(report.get(field)).isEqualTo(result.get(field)));
		assertThat(report.get("ranges").size()).isEqualTo(1);
		assertThat(report.at("/history/0/status").asString()).isEqualTo("COMPLETED");
		assertThat(report.get("definition").asString()).contains("name: assets");
	}

	@Test
	void aPageThatCannotBeWrittenFailsNoRun() throws IOException {
		Files.createDirectories(this.commands.home());
		Files.writeString(this.reports, "a file where the folder should be");
		Result run = this.commands.run("run", this.table.definition()).exits(0);
		assertThat(run.err()).contains("the report could not be written to " + this.reports.resolve("assets.1.html"));
		assertThat(this.table.keys()).hasSize(29);
		assertThat(this.commands.run("report", "assets").exits(2).problems()).first()
			.asString()
			.startsWith("cannot write " + this.reports.resolve("assets.1.html"));
	}

	@Test
	void aPrunedRunIsDrawnWithoutItsKeys() throws IOException {
		this.commands.run("run", this.table.definition()).exits(0);
		assertThat(this.reports.resolve("assets.1.html")).content().contains("a/011");
		this.commands.run("prune", "--older-than", "0s").exits(0);
		assertThat(this.reports.resolve("assets.1.html")).doesNotExist();
		this.commands.run("report", "assets.1").exits(0);
		Page page = new Page(Files.readString(this.reports.resolve("assets.1.html")));
		assertThat(page.section("funnel")).contains("deleted81");
		assertThat(page.section("sample")).contains("The keys were pruned at ");
		assertThat(page.section("ranges")).contains("time not known");
	}

}
