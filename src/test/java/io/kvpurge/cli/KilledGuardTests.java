package io.kvpurge.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Random;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.kvpurge.testkit.KvpurgeProcess;
import io.kvpurge.testkit.PostgresqlServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * However often a run of 64 ranges is killed, {@code max-deletes} is reached and never
 * passed. {@code -Dkvpurge.runs=N} for more runs.
 */
class KilledGuardTests {

	private static final int RUNS = Integer.getInteger("kvpurge.runs", 1);

	private static final long SEED = Long.getLong("kvpurge.seed", 1);

	private static final int ENTRIES = 20_000;

	/** A run that does not come further for a third time is begun anew. */
	private static final int KILLS = 2;

	private static final int MOST_LAUNCHES = 10;

	private static final int BLOCKED = 4;

	@TempDir
	private Path folder;

	private int kills;

	@Test
	void notOneMoreThanItMay() throws Exception {
		for (long seed = SEED; seed < SEED + RUNS; seed++) {
			trial(new Random(seed * 7919), Files.createDirectory(this.folder.resolve("trial-" + seed)));
		}
		System.out.printf("kvpurge guards: %d runs of 64 ranges, %d kills, 0 violations%n", RUNS, this.kills);
	}

	private void trial(Random random, Path place) throws Exception {
		String url = PostgresqlServer.newDatabaseUrl();
		AssetTable.executeIn(url, "",
				"create table things (id text collate \"C\" primary key, meta jsonb, version int not null)",
				"insert into things select 'k/' || x, jsonb_build_object('n', x), 1 from generate_series(1, %d) x"
					.formatted(ENTRIES));
		int most = 2000 + random.nextInt(8000);
		Path definition = Files.writeString(place.resolve("things.yaml"), """
				version: 1
				name: things
				store: {type: jdbc, url: "%s", table: things, key: id, metadata: meta, version: version}
				select: {prefixes: ["k/"], where: all}
				partitions: 64
				limits: {max-deletes: %d}
				""".formatted(url, most));
		for (int i = 0; i < KILLS; i++) {
			killWhen(start(place, definition), url, ENTRIES - random.nextInt(most) - 1);
			assertThat(count(url)).isGreaterThanOrEqualTo(ENTRIES - most);
		}
		JsonNode result = null;
		// A range may be refused while another one's call is under way that gives back.
		for (int launch = 0; launch < MOST_LAUNCHES && count(url) > ENTRIES - most; launch++) {
			try (KvpurgeProcess last = start(place, definition)) {
				assertThat(last.await()).as(() -> last.out() + last.err()).isEqualTo(BLOCKED);
				result = JsonMapper.shared().readTree(last.out());
			}
		}
		assertThat(count(url)).isEqualTo(ENTRIES - most);
		if (result != null) {
			assertThat(result.get("deleted").asInt()).isEqualTo(most);
		}
		new CommandLineTester(place.resolve("home")).run("audit", "things", "--verify").exits(0);
	}

	private void killWhen(KvpurgeProcess process, String url, int rows) {
		try (process) {
			Awaitility.await()
				.atMost(Duration.ofMinutes(3))
				.pollInterval(Duration.ofMillis(2))
				.until(() -> !process.isAlive() || count(url) <= rows);
			if (process.isAlive()) {
				process.kill();
				this.kills++;
			}
			process.await();
		}
	}

	private static KvpurgeProcess start(Path place, Path definition) {
		return KvpurgeProcess.start(place,
				Map.of("KVPURGE_HOME", place.resolve("home").toString(), "KVPURGE_SETTLE_DELAY", "1s"), "run",
				definition.toString(), "--json");
	}

	private static int count(String url) {
		try (Connection connection = DriverManager.getConnection(url);
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("select count(*) from things")) {
			rows.next();
			return rows.getInt(1);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
