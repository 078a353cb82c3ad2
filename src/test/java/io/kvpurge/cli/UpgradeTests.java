package io.kvpurge.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import io.kvpurge.testkit.PostgresqlServer;

import static org.assertj.core.api.Assertions.assertThat;

/** Another version of kvpurge finds what this one left, or this one what another left. */
class UpgradeTests {

	/** The oldest schema of which a run can be carried on by its attempts. */
	private static final String OLDER = "4";

	private static final String USER = "kvpurge";

	@TempDir
	private Path folder;

	private AssetTable table;

	private CommandLineTester commands;

	@BeforeEach
	void fill() {
		this.table = new AssetTable(this.folder).filled();
		this.commands = new CommandLineTester(this.folder.resolve("home"));
	}

	private Path ledger() {
		return this.commands.ledger("assets");
	}

	private static String h2(Path ledger) {
		return "jdbc:h2:file:" + ledger;
	}

	/** A run that ended with 40 of the 81 keys deleted. */
	private void runHalfway() {
		this.commands.run("run", this.table.definition("max-fraction: 1", "max-fraction: 1, max-deletes: 40")).exits(4);
		assertThat(this.table.keys()).hasSize(70);
	}

	private void assertCarriedOn() {
		JsonNode json = this.commands.run("run", this.table.definition(), "--json").exits(0).json();
		assertThat(json.get("run").asString()).isEqualTo("assets.1");
		assertThat(json.get("attempts").asInt()).isEqualTo(2);
		assertThat(json.get("deleted").asInt()).isEqualTo(81);
		assertThat(json.get("listed").asInt()).isEqualTo(100);
		assertThat(this.table.keys()).hasSize(29);
		JsonNode audit = this.commands.run("audit", "assets.1", "--verify", "--json").exits(0).json();
		assertThat(audit.get("verification").get("intact").asBoolean()).isTrue();
	}

	@Test
	void aHalfDoneRunOfAnOlderSchemaIsCarriedOn() throws Exception {
		runHalfway();
		Path newer = this.folder.resolve("newer");
		Files.move(Path.of(ledger() + ".mv.db"), Path.of(newer + ".mv.db"));
		OlderLedger.make(h2(ledger()), USER, OLDER).filledWithCutOff(h2(newer));
		assertCarriedOn();
	}

	@Test
	void aHalfDoneRunOfAnOlderSchemaInPostgresqlIsCarriedOn() throws Exception {
		String newer = PostgresqlServer.newDatabaseUrl();
		String older = PostgresqlServer.newDatabaseUrl();
		this.commands.set("KVPURGE_DATABASE_URL", newer);
		runHalfway();
		OlderLedger.make(older, PostgresqlServer.USER, OLDER).filledWithCutOff(newer);
		this.commands.set("KVPURGE_DATABASE_URL", older);
		assertCarriedOn();
	}

	/** What a later version would write. */
	private void migrateFurther(String url, String user) throws SQLException {
		AssetTable.executeIn(url, user, """
				insert into "flyway_schema_history" select 99, '99', 'later', 'SQL', 'V99__later.sql', 1,
					"installed_by", "installed_on", 1, true from "flyway_schema_history"
				where "installed_rank" = 1""");
	}

	private void assertRefused(String location) {
		List<Object[]> lines = List.of(new Object[] { "run", this.table.definition() },
				new Object[] { "status", "assets" }, new Object[] { "audit", "assets" });
		for (Object[] line : lines) {
			assertThat(this.commands.run(line).exits(2).problems()).containsExactly("the database " + location
					+ " belongs to a newer version of kvpurge: its schema is 99, and this version knows those up to "
					+ newest() + "; launch the newer version");
		}
		assertThat(this.table.keys()).hasSize(70);
	}

	/** The version of the last migration in the folder. */
	private static int newest() {
		String[] files = Path.of("schema/h2").toFile().list();
		return List.of(files)
			.stream()
			.mapToInt((file) -> Integer.parseInt(file.replaceAll("V(\\d+)__.*", "$1")))
			.max()
			.orElseThrow();
	}

	@Test
	void aNewerLedgerIsRefusedInOneLine() throws Exception {
		runHalfway();
		migrateFurther(h2(ledger()), USER);
		assertRefused(Path.of(ledger() + ".mv.db").toRealPath().toString());
	}

	@Test
	void aNewerLedgerInPostgresqlIsRefusedInOneLine() throws Exception {
		String url = PostgresqlServer.newDatabaseUrl();
		this.commands.set("KVPURGE_DATABASE_URL", url);
		runHalfway();
		migrateFurther(url, PostgresqlServer.USER);
		assertRefused(this.commands.location());
	}

}
