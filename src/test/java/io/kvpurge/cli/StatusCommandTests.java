package io.kvpurge.cli;

import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.cli.CommandLineTester.Result;

import static org.assertj.core.api.Assertions.assertThat;

class StatusCommandTests {

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

	@Test
	void saysThatNothingHasRun() {
		assertThat(this.commands.run("status").exits(0).out())
			.isEqualToIgnoringNewLines("no definition has run yet in " + this.commands.location());
		assertThat(this.commands.run("status", "--json").exits(0).json().toString())
			.isEqualTo("{\"schema\":1,\"runs\":[]}");
		assertThat(this.commands.home()).doesNotExist();
	}

	@Test
	void showsTheLastRunOfEveryDefinition() {
		this.commands.run("run", this.table.definition()).exits(0);
		this.commands.run("run", this.table.definition()).exits(0);
		this.commands.run("run", this.table.definition("name: assets", "name: other"), "--dry-run").exits(0);
		assertThat(this.commands.run("status").exits(0).out().lines()).satisfiesExactly(
				(line) -> assertThat(line)
					.matches("assets\\.2 +COMPLETED +\\d+ s ago, deleted 0 of 0 matched: nothing matched"),
				(line) -> assertThat(line)
					.matches("other\\.1 +COMPLETED +\\d+ s ago, deleted 0 of 0 matched: nothing matched"));
		JsonNode json = this.commands.run("status", "--json").exits(0).json();
		assertThat(json.get("runs").valueStream().map((run) -> run.get("run").asString())).containsExactly("assets.2",
				"other.1");
	}

	@Test
	void showsOneRunInFullAsItWasReported() {
		Result run = this.commands.run("run", this.table.definition()).exits(0);
		JsonNode second = this.commands.run("run", this.table.definition(), "--json").exits(0).json();
		assertThat(this.commands.run("status", "assets.1").exits(0).out()).startsWith(run.out().strip())
			.contains("attempt 1  COMPLETED, by " + System.getProperty("user.name") + " on ");
		for (Object reference : new Object[] { "assets", this.table.definition() }) {
			ObjectNode status = (ObjectNode) this.commands.run("status", reference, "--json").exits(0).json();
			assertThat(status.remove("history").get(0).get("status").asString()).isEqualTo("COMPLETED");
			assertThat(status).isEqualTo(second);
		}
		assertThat(this.commands.run("status", "assets.3").exits(2).problems())
			.containsExactly("there is no run assets.3 in " + this.commands.location());
	}

	@Test
	void showsWhatARunningOneSaysOfItself() throws Exception {
		this.commands.run("run", this.table.definition()).exits(0);
		Path home = this.commands.home().resolve("definitions/assets");
		Files.writeString(home.resolve("live.json"),
				"""
						{"run":"assets.2","attempt":1,"pid":4711,"host":"h","startedAt":"2026-01-01T00:00:00Z",
						"updatedAt":"2026-01-01T00:00:00Z","totals":{"ranges":4,"rangesDone":1,"counts":{"listed":1500,
						"unmatched":1000,"held":0,"undecided":0,"matched":500,"deleted":400,"vanished":0,"spared":0,"refused":0},
						"calls":{"list":1,"delete":1,"other":0,"retried":0},"reasons":{}},
						"ranges":[{"name":"range-00001","done":true,"listed":900,"matched":300,"deleted":300},
						{"name":"range-00002","done":false,"listed":600,"matched":200,"deleted":100}],
						"pace":{"perSecond":50,"left":"PT2M30S","untilFound":null,"unknown":null}}""");
		try (FileChannel channel = FileChannel.open(home.resolve("ledger.mv.db"), StandardOpenOption.WRITE);
				FileLock lock = channel.lock()) {
			assertThat(lock.isValid()).isTrue();
			for (Result result : new Result[] { this.commands.run("status").exits(0),
					this.commands.run("status", "assets").exits(0) }) {
				assertThat(result.out()).startsWith("assets.2 ")
					.contains("RUNNING",
							"(pid 4711 on h): listed 1,500, matched 500, deleted 400, 50 keys/s, ranges 1 of 4,"
									+ " about 3 min left");
			}
			assertThat(this.commands.run("status", "assets").exits(0).out().lines().skip(1)).containsExactly(
					"  range-00001  done     listed 900, matched 300, deleted 300",
					"  range-00002  at work  listed 600, matched 200, deleted 100");
			JsonNode json = this.commands.run("status", "assets", "--json").exits(0).json();
			assertThat(json.get("status").asString()).isEqualTo("RUNNING");
			assertThat(json.get("deleted").asInt()).isEqualTo(400);
			assertThat(json.get("secondsLeft").asInt()).isEqualTo(150);
			assertThat(json.get("keysPerSecond").asInt()).isEqualTo(50);
			assertThat(json.at("/progress/1/range").asString()).isEqualTo("range-00002");
			assertThat(this.commands.run("status", "--json").exits(0).json().get("runs").get(0)).isEqualTo(json);
			assertThat(this.commands.run("status", "assets.1").exits(5).problems()).hasSize(1);
			Result busy = this.commands.run("run", this.table.definition(), "--json").exits(5);
			BadDefinitionTests.assertError(busy.json(), 5, "BUSY", busy.problems());
			Files.delete(home.resolve("live.json"));
			assertThat(this.commands.run("status").exits(0).out()).contains("another process has its database open");
			assertThat(this.commands.run("status", "--json").exits(0).json().at("/runs/0/status").asString())
				.isEqualTo("BUSY");
		}
	}

	@Test
	void tellsWhatIsUsualAndWhenARunWasCompletedLast() {
		for (int i = 0; i < 3; i++) {
			this.commands.run("run", this.table.definition()).exits(0);
			this.table.refilled();
			assertThat(this.commands.run("status").exits(0).out()).doesNotContain("usually", "last completed");
		}
		this.commands.run("run", this.table.definition()).exits(0);
		assertThat(this.commands.run("status").exits(0).out()).startsWith("assets.4 ")
			.containsPattern("; usually 81\\R");
		this.commands.run("run", this.table.definition()).exits(0);
		assertThat(this.commands.run("status").exits(0).out()).startsWith("assets.5 ")
			.contains("deleted 0 of 0 matched: ", "; usually 81 (-100 %)");
		this.table.refilled();
		this.commands.run("run", this.table.definition("max-fraction: 1", "max-deletes: 10, max-fraction: 1")).exits(4);
		assertThat(this.commands.run("status").exits(0).out())
			.containsPattern("BLOCKED.*; last completed: assets.5, \\d+ s ago");
		JsonNode earlier = this.commands.run("status", "--json").exits(0).json().at("/runs/0/earlier");
		assertThat(earlier.valueStream().map((run) -> run.get("run").asString())).containsExactly("assets.5",
				"assets.4", "assets.3", "assets.2", "assets.1");
		assertThat(earlier.valueStream().map((run) -> run.get("deleted").asInt())).containsExactly(0, 81, 81, 81, 81);
	}

	@Test
	void saysWhatWasNotCompletedForTooLong() {
		this.commands.run("run", this.table.definition()).exits(0);
		this.commands.run("plan", this.table.definition("name: assets", "name: planned")).exits(0);
		assertThat(this.commands.run("status", "--stale", "1h").exits(0).out())
			.isEqualToIgnoringNewLines("completed in time: 1 definitions");
		this.commands.run("run", this.table.definition("name: assets", "name: other").toString(), "--json").exits(0);
		Result stale = this.commands.run("status", "--stale", "1ms").exits(1);
		assertThat(stale.out().lines()).satisfiesExactly(
				(line) -> assertThat(line).startsWith("assets was completed last at 2"),
				(line) -> assertThat(line).startsWith("other was completed last at 2"));
		assertThat(this.commands.run("status", "planned", "--stale", "1h").exits(1).out())
			.isEqualToIgnoringNewLines("planned has never been completed");
		JsonNode json = this.commands.run("status", "new", "--stale", "1h", "--json").exits(1).json();
		assertThat(json.at("/stale/0/reason").asString()).isEqualTo("new has not run yet");
		assertThat(json.get("reason").asString()).isEqualTo("not completed in time: 1 of 1 definitions");
	}

	@Test
	void refusesWhatCannotBeLookedFor() {
		assertThat(this.commands.run("status", "--stale", "soon").exits(2).problems())
			.containsExactly("--stale is 'soon': expected a duration such as 26h or 90m");
		assertThat(this.commands.run("status", "a.1", "--stale", "1h").exits(2).problems())
			.containsExactly("--stale looks at definitions: leave out the number of the run");
		assertThat(this.commands.run("status", "--watch").exits(2).problems())
			.containsExactly("--watch follows one run: give RUN, or its definition");
	}

	@Test
	void whoWatchesARunThatHasEndedSeesItsEnd() {
		this.commands.run("run", this.table.definition("max-fraction: 1", "max-deletes: 10, max-fraction: 1")).exits(4);
		Result watched = this.commands.run("status", "assets", "--watch").exits(4);
		assertThat(watched.out()).startsWith("assets.1 BLOCKED").contains("attempt 1  BLOCKED");
		assertThat(this.commands.run("status", "assets.1", "--watch", "--json").exits(4).json().get("deleted").asInt())
			.isEqualTo(10);
	}

}
