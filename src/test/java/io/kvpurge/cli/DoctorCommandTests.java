package io.kvpurge.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import io.kvpurge.cli.CommandLineTester.Result;
import io.kvpurge.testkit.PostgresqlServer;
import io.kvpurge.testkit.cloudflare.Call;
import io.kvpurge.testkit.cloudflare.CloudflareSimulator;

import static org.assertj.core.api.Assertions.assertThat;

class DoctorCommandTests {

	private static final Instant NOW = Instant.parse("2026-06-30T12:00:00Z");

	@TempDir
	private Path folder;

	private AssetTable table;

	private CommandLineTester commands;

	@BeforeEach
	void fill() {
		this.table = new AssetTable(this.folder).filled();
		this.commands = new CommandLineTester(this.folder.resolve("home"));
	}

	private static String line(Result result, String subject) {
		return result.out().lines().filter((line) -> line.contains(" " + subject + " ")).findFirst().orElse("");
	}

	@Test
	void whatIsWellIsSaidToBeWellAndNothingIsTouched() {
		Result result = this.commands.run("doctor", this.table.definition(), "--try-delete").exits(0);
		assertThat(result.out().lines()).endsWith("a run can go");
		for (String subject : new String[] { "configuration", "definition", "home", "space", "database", "clock",
				"store", "list", "delete", "requests" }) {
			assertThat(line(result, subject)).as(subject).startsWith("OK ");
		}
		assertThat(line(result, "limits")).startsWith("NOTE ").contains("max-deletes");
		assertThat(this.table.keys()).hasSize(110);
		assertThat(this.commands.home()).doesNotExist();
	}

	@Test
	void aDeleteIsTriedOnlyWhereItIsAskedFor() {
		assertThat(line(this.commands.run("doctor", this.table.definition()).exits(0), "delete")).startsWith("NOTE ")
			.contains("--try-delete");
	}

	@Test
	void everythingThatIsWrongIsNamedAtOnce() throws Exception {
		Files.writeString(this.commands.home(), "no folder");
		Path definition = this.table.definition("table: assets", "table: nothing");
		JsonNode json = this.commands.run("doctor", definition, "--json").exits(2).json();
		assertThat(json.get("status").asString()).isEqualTo("USAGE");
		assertThat(json.get("errors")).hasSize(2);
		assertThat(json.get("errors").get(0).asString()).startsWith("home: ").contains("--home");
		assertThat(json.get("errors").get(1).asString()).startsWith("store: ").contains("nothing");
	}

	@Test
	void theLineOfAScheduledRunCanBeCheckedWithItsParameters() {
		Path definition = this.table.definition("select:", "parameters: {older: duration}\nselect:");
		assertThat(line(this.commands.run("doctor", definition, "-p", "older=30d").exits(0), "parameters"))
			.startsWith("OK ");
		assertThat(line(this.commands.run("doctor", definition, "-p", "older=soon").exits(2), "parameters"))
			.startsWith("BAD ")
			.contains("older");
		assertThat(line(this.commands.run("doctor", definition, "-p", "elder=30d").exits(2), "parameters"))
			.startsWith("BAD ")
			.contains("did you mean 'older'");
		assertThat(line(this.commands.run("doctor", definition).exits(0), "parameters")).startsWith("NOTE ")
			.contains("-p older=VALUE");
	}

	@Test
	void aDefinitionThatCannotBeReadDoesNotHideTheRest() {
		Result result = this.commands.run("doctor", this.table.definition("version: 1", "version: 9")).exits(2);
		assertThat(line(result, "definition")).startsWith("BAD ").contains("version");
		assertThat(line(result, "home")).startsWith("OK ");
	}

	@Test
	void aStoreThatDoesNotAnswerMayAnswerLater() {
		Path definition = this.table.definition(this.table.url(), "jdbc:postgresql://127.0.0.1:1/x");
		assertThat(line(this.commands.run("doctor", definition).exits(1), "store")).startsWith("LATER ");
	}

	@Test
	void aTokenThatMayOnlyReadIsFoundOut() throws Exception {
		try (CloudflareSimulator service = CloudflareSimulator.start()) {
			service.createNamespace("pages");
			this.commands.set("TOKEN", service.token());
			Path definition = Files.writeString(this.folder.resolve("pages.yaml"), """
					version: 1
					name: pages
					store: {type: cloudflare, account-id: "%s", api-token: "${TOKEN}", namespace: pages, base-url: "%s"}
					select: {prefixes: ["a/"], where: all}
					limits: {requests: 9000 per 5m}
					""".formatted(service.accountId(), service.baseUrl()));
			Result result = this.commands.run("doctor", definition, "--try-delete").exits(0);
			assertThat(line(result, "delete")).startsWith("OK ");
			assertThat(line(result, "requests")).startsWith("NOTE ").contains("9000 per 300s", "1200 per 300s");
			service.deny(Call.BULK_DELETE);
			result = this.commands.run("doctor", definition, "--try-delete").exits(2);
			assertThat(line(result, "list")).startsWith("OK ");
			assertThat(line(result, "delete")).startsWith("BAD ").contains("permission");
			service.revokeToken();
			result = this.commands.run("doctor", definition).exits(2);
			assertThat(line(result, "store")).startsWith("BAD ").doesNotContain(service.token());
		}
	}

	@Test
	void aSharedDatabaseAndItsClockAreAsked() {
		this.commands.set("KVPURGE_DATABASE_URL", PostgresqlServer.newDatabaseUrl());
		Result result = this.commands.run("doctor", this.table.definition()).exits(0);
		assertThat(line(result, "database")).startsWith("OK ").contains("postgresql");
		assertThat(line(result, "clock")).startsWith("OK ").endsWith(", as on the database's server");
		this.commands.set("KVPURGE_DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/x");
		assertThat(line(this.commands.run("doctor", this.table.definition()).exits(1), "database"))
			.startsWith("LATER ");
	}

	@Test
	void aHoldIsNamed() {
		this.commands.run("stop", this.table.definition()).exits(0);
		assertThat(line(this.commands.run("doctor", this.table.definition()).exits(0), "hold")).startsWith("NOTE ");
	}

	@Test
	void littleSpaceAndClocksThatAreWrongAreBad() {
		assertThat(HomeCheck.space(this.folder, HomeCheck.LITTLE_SPACE - 1).level()).isEqualTo(Finding.Level.BAD);
		assertThat(HomeCheck.space(this.folder, HomeCheck.LITTLE_SPACE).level()).isEqualTo(Finding.Level.OK);
		HomeCheck check = new HomeCheck(Clock.fixed(NOW, ZoneOffset.UTC));
		assertThat(check.clock(NOW.plusSeconds(1), null).level()).isEqualTo(Finding.Level.BAD);
		assertThat(check.clock(NOW, NOW.plusSeconds(31)).level()).isEqualTo(Finding.Level.BAD);
		assertThat(check.clock(NOW, NOW.minusSeconds(31)).level()).isEqualTo(Finding.Level.BAD);
		assertThat(check.clock(NOW, NOW.plusSeconds(30)).level()).isEqualTo(Finding.Level.OK);
	}

}
