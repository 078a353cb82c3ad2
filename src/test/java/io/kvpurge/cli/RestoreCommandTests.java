package io.kvpurge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import io.kvpurge.cli.CommandLineTester.Result;
import io.kvpurge.testkit.PostgresqlServer;

import static org.assertj.core.api.Assertions.assertThat;

class RestoreCommandTests {

	/** How many rows go and come back: {@code -Dkvpurge.entries=N} for more. */
	private static final int ROWS = Integer.getInteger("kvpurge.entries", 500);

	private static final String SAVED = "partitions: 2\nbackup: true\n";

	@TempDir
	private Path folder;

	private CommandLineTester commands() {
		return new CommandLineTester(this.folder.resolve("home"));
	}

	private AssetTable assets() {
		return new AssetTable(this.folder).filled();
	}

	@Test
	void whatWasDeletedComesBack() {
		AssetTable table = assets();
		List<String> before = table.keys();
		Path definition = table.definition("partitions: 2\n", SAVED);
		CommandLineTester commands = commands();
		Result run = commands.run("run", definition).exits(0);
		assertThat(run.out()).containsPattern("saved +81 entries, [0-9,]+ bytes in ");
		assertThat(table.keys()).hasSize(29);
		Result dry = commands.run("restore", "assets.1", "--dry-run").exits(0);
		assertThat(dry.out()).containsPattern("restorable +81").containsPattern("existing +0");
		assertThat(table.keys()).hasSize(29);
		Result restored = commands.run("restore", "assets.1", "--progress", "bar").exits(0);
		assertThat(restored.err()).contains("matched 81 restored").doesNotContain("81 deleted");
		assertThat(restored.out()).startsWith("assets.2 COMPLETED")
			.contains(": restored\n")
			.containsPattern("restored +81")
			.containsPattern("restores +assets.1");
		assertThat(table.keys()).isEqualTo(before);
		assertThat(commands.run("audit", "assets.2").exits(0).out()).contains(" restored\n");
		assertThat(commands.run("audit", "assets.2", "--verify").exits(0).out()).contains("intact");
		Path export = this.folder.resolve("restore.jsonl");
		commands.run("audit", "assets.2", "--export", export).exits(0);
		assertThat(commands.run("audit", export, "--verify").exits(0).out()).contains("intact");
		assertThat(commands.run("explain", definition, "a/011").exits(0).out()).contains("assets.1: deleted")
			.contains("assets.2: restored");
		assertThat(commands.run("verify", "assets.2").exits(2).problems())
			.containsExactly("run assets.2 is a restore: it deleted nothing");
		assertThat(commands.run("verify", "assets").exits(4).out()).contains("81 are in the store now");
	}

	@Test
	void theResultIsAnObject() {
		AssetTable table = assets();
		CommandLineTester commands = commands();
		JsonNode run = commands.run("run", table.definition("partitions: 2\n", SAVED), "--json").exits(0).json();
		assertThat(run.at("/backup/entries").asInt()).isEqualTo(81);
		table.execute("insert into \"assets\" values ('a/011', 1, 'js')");
		JsonNode dry = commands.run("restore", "assets", "--dry-run", "--json").exits(0).json();
		assertThat(dry.get("restorable").asInt()).isEqualTo(80);
		assertThat(dry.get("existing").asInt()).isEqualTo(1);
		JsonNode json = commands.run("restore", "assets", "--json", "--where", "metadata.size < 50").exits(0).json();
		assertThat(json.get("restores").asString()).isEqualTo("assets.1");
		assertThat(json.get("listed").asInt()).isEqualTo(81);
		assertThat(json.get("matched").asInt()).isEqualTo(36);
		assertThat(json.get("restored").asInt()).isEqualTo(35);
		assertThat(json.get("existing").asInt()).isEqualTo(1);
		assertThat(json.has("deleted")).isFalse();
	}

	@Test
	void onATerminalItAsks() {
		AssetTable table = assets();
		CommandLineTester commands = commands();
		commands.run("run", table.definition("partitions: 2\n", SAVED)).exits(0);
		Result declined = commands.typing("n\n").run("restore", "assets.1").exits(3);
		assertThat(declined.err()).contains("Restore 81 entries into h2:");
		assertThat(declined.out().strip()).isEqualTo("declined: nothing was written");
		assertThat(table.keys()).hasSize(29);
		commands.typing("y\n").run("restore", "assets.1").exits(0);
		assertThat(table.keys()).hasSize(110);
	}

	@Test
	void aHoldKeepsNobodyFromIt() {
		AssetTable table = assets();
		CommandLineTester commands = commands();
		Path definition = table.definition("partitions: 2\n", SAVED);
		commands.run("run", definition).exits(0);
		commands.run("stop", definition).exits(0);
		commands.run("restore", "assets.1").exits(0);
		assertThat(table.keys()).hasSize(110);
		commands.run("run", definition).exits(3);
	}

	@Test
	void whatCannotBeRestoredIsSaidInOneLine() {
		AssetTable table = assets();
		CommandLineTester commands = new CommandLineTester(this.folder.resolve("home"));
		assertThat(commands.run("restore", "assets").exits(2).problems())
			.containsExactly("there is no run of assets in " + commands.location());
		commands.run("run", table.definition()).exits(0);
		assertThat(commands.run("restore", "assets.1").exits(2).problems()).containsExactly(
				"run assets.1 made no backup ('backup: true' in its definition makes one): there is nothing to restore from");
		assertThat(commands.run("restore", "assets.9").exits(2).problems()).containsExactly("there is no run assets.9");
	}

	@Test
	void anAdHocRunMaySaveToo() throws IOException {
		AssetTable table = assets();
		Path configuration = Files.writeString(this.folder.resolve("kvpurge.yaml"),
				"stores:\n  assets: " + table.section() + "\n");
		CommandLineTester commands = commands();
		JsonNode run = commands
			.run("run", "--store", "jdbc:assets", "--prefix", "b/", "--where", "metadata.size > 1", "--backup",
					"--config", configuration, "--json")
			.exits(0)
			.json();
		assertThat(run.at("/backup/entries").asInt()).isEqualTo(10);
		commands.run("restore", run.get("run").asString(), "--config", configuration).exits(0);
		assertThat(table.keys()).hasSize(110);
	}

	@Test
	void aRowComesBackWithEveryColumnInH2() {
		String url = "jdbc:h2:file:" + this.folder.resolve("whole");
		rowsComeBack(url, "h2",
				"""
						create table things (id bigint generated always as identity primary key, name varchar(50), note clob,
							price decimal(20, 6), raw varbinary(100), payload blob, span interval day to second, at timestamp(9) with time zone,
							on_day date, half real, whole double precision, flag boolean, code uuid, doc json, size int,
							doubled int generated always as (size * 2))""",
				"""
						insert into things (name, note, price, raw, payload, span, at, on_day, half, whole, flag, code, doc, size)
						select 'n' || x, case mod(x, 3) when 0 then null else 'ü\u0001' || x end, x / 7.0, x'00ff' , x'c30001',
							interval '3 4:05:06.7' day to second, timestamp with time zone '2026-01-02 03:04:05.123456789+05:30', date '2024-02-29',
							x / 3.0, x / 3.0, mod(x, 2) = 0, random_uuid(), json '{"a": [1, null, 1.50]}', x from system_range(1, ROWS)""",
				"id, name, cast(note as varchar), price, raw, payload, span, at, on_day, half, whole, flag, code, doc, size, doubled");
	}

	@Test
	void whatWouldNotComeBackAsItWasStays() {
		AssetTable table = assets();
		table.execute("alter table \"assets\" add column tags varchar(10) array default array['a', 'b']");
		Result run = commands().run("run", table.definition("partitions: 2\n", SAVED)).exits(1);
		assertThat(run.out()).contains("column 'TAGS' of type CHARACTER VARYING(10) ARRAY")
			.contains("cannot be saved so that it comes back as it was");
		assertThat(table.keys()).hasSize(110);
	}

	@Test
	void aRowComesBackWithEveryColumnInPostgresql() {
		rowsComeBack(PostgresqlServer.newDatabaseUrl(), "postgresql",
				"""
						create table things (id bigint generated always as identity primary key, name varchar(50), note text,
							price numeric(20, 6), raw bytea, tags text[], at timestamptz, on_day date, half real, whole double precision,
							flag boolean, code uuid, doc jsonb, span interval, addr inet, size int,
							doubled int generated always as (size * 2) stored)""",
				"""
						insert into things (name, note, price, raw, tags, at, on_day, half, whole, flag, code, doc, span, addr, size)
						select 'n' || x, case x % 3 when 0 then null else 'ü' || chr(1) || x end, x / 7.0, '\\x00ffc3',
							array['a', null, 'b,"' || x], timestamptz '2026-01-02 03:04:05.123456+05:30', date '2024-02-29', x / 3.0, x / 3.0,
							x % 2 = 0, gen_random_uuid(), '{"a": [1, null, 1.50]}', interval '1 mon 2 days 03:04:05.6', '10.0.0.1/24', x
						from generate_series(1, ROWS) x""",
				"things::text");
	}

	private void rowsComeBack(String url, String name, String table, String rows, String columns) {
		AssetTable.executeIn(url, "", table, rows.replace("ROWS", Integer.toString(ROWS)));
		String all = "select " + columns + " from things order by id";
		List<String> before = select(url, all);
		Path definition = new AssetTable(this.folder).write(name + ".yaml", """
				version: 1
				name: %s-things
				store: {type: jdbc, url: "%s", table: %s, key: %s, columns: [%s]}
				select: {prefixes: [""], where: "metadata.%s > 100"}
				limits: {max-fraction: 1}
				backup: true
				""".formatted(name, url, name.equals("h2") ? "THINGS" : "things", name.equals("h2") ? "ID" : "id",
				name.equals("h2") ? "SIZE" : "size", name.equals("h2") ? "SIZE" : "size"));
		CommandLineTester commands = commands();
		assertThat(commands.run("run", definition, "--json").exits(0).json().get("deleted").asInt())
			.isEqualTo(ROWS - 100);
		assertThat(select(url, all)).hasSize(100);
		commands.run("restore", name + "-things.1").exits(0);
		assertThat(select(url, all)).isEqualTo(before);
	}

	private static List<String> select(String url, String sql) {
		List<String> rows = new ArrayList<>();
		try (Connection connection = DriverManager.getConnection(url, "", "");
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery(sql)) {
			int columns = row.getMetaData().getColumnCount();
			while (row.next()) {
				StringBuilder text = new StringBuilder();
				for (int i = 1; i <= columns; i++) {
					text.append(row.getString(i)).append('|');
				}
				rows.add(text.toString());
			}
			return rows;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void pruningRemovesTheBackupToo() throws IOException {
		AssetTable table = assets();
		CommandLineTester commands = commands();
		commands.run("run", table.definition("partitions: 2\n", SAVED)).exits(0);
		Path backups = this.folder.resolve("home/definitions/assets/backup/1");
		assertThat(backups).isDirectory();
		commands.run("prune", "--older-than", "0s", "assets").exits(0);
		try (Stream<Path> left = Files.exists(backups) ? Files.list(backups) : Stream.empty()) {
			assertThat(left).isEmpty();
		}
		assertThat(commands.run("restore", "assets.1").exits(2).problems()).singleElement()
			.asString()
			.startsWith("the calls of run assets.1 were pruned on ");
	}

}
