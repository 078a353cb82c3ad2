package io.kvpurge.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.kvpurge.testkit.KvpurgeProcess;
import io.kvpurge.testkit.PostgresqlServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Purges, or plans and applies, and restores, killed again and again in the midst of it:
 * in the end the table is what it was. {@code -Dkvpurge.kills=N} for more kills,
 * {@code -Dkvpurge.entries=N} for larger tables.
 */
class KilledRestoreTests {

	private static final int ENTRIES = Integer.getInteger("kvpurge.entries", 20_000);

	private static final int KILLS = Integer.getInteger("kvpurge.kills", 2);

	private static final long SEED = Long.getLong("kvpurge.seed", 1);

	/** A run that does not come further for a third time is begun anew. */
	private static final int KILLS_IN_A_ROW = 2;

	private static final String ROWS = "select things::text from things order by id";

	@TempDir
	private Path folder;

	private String url = "";

	private int kills;

	private int trials;

	@Test
	void killedInTheMidstOfItTheTableComesBackAsItWas() throws Exception {
		for (long seed = SEED; this.kills < KILLS; seed++) {
			trial(new Random(seed * 7919), Files.createDirectory(this.folder.resolve("trial-" + seed)));
			this.trials++;
		}
		System.out.printf("kvpurge restores: %d tables of %,d rows, %d kills, 0 violations%n", this.trials, ENTRIES,
				this.kills);
	}

	private void trial(Random random, Path place) throws Exception {
		this.url = PostgresqlServer.newDatabaseUrl();
		AssetTable.executeIn(this.url, "", """
				create table things (id text collate "C" primary key, value bytea not null, meta jsonb, at timestamptz,
					owner int not null, serial bigint generated always as identity not null, note text not null)""", """
				insert into things (id, value, meta, at, owner, note) select 'k/' || chr(128512 + x %% 50) || '/' || x,
					decode(md5(x::text), 'hex') || '\\x00ff'::bytea, case x %% 7 when 0 then null else
					jsonb_build_object('n', x, 'deep', jsonb_build_array(1.5, null, 'ü' || x)) end,
					case x %% 5 when 0 then timestamptz '2999-01-01' + x * interval '1 second' end, x %% 1000,
					'n' || chr(1) || x from generate_series(1, %d) x""".formatted(ENTRIES));
		List<String> before = rows();
		Path definition = Files.writeString(place.resolve("things.yaml"), """
				version: 1
				name: things
				store: {type: jdbc, url: "%s", table: things, key: id, value: value, metadata: meta, expiration: at}
				select: {prefixes: ["k/"], where: "metadata.n %% 3 != 0"}
				partitions: 4
				limits: {max-fraction: 0.9}
				backup: true
				""".formatted(this.url));
		boolean applies = random.nextInt(2) == 1;
		if (applies) {
			launch(place, "plan", definition.toString(), "--json");
		}
		JsonNode purged = killedOften(place, () -> {
			int most = ENTRIES - 1 - random.nextInt(ENTRIES / 2);
			return (rows) -> rows <= most;
		}, applies ? new String[] { "apply", "things.1", "--json" }
				: new String[] { "run", definition.toString(), "--json" });
		int gone = before.size() - rows().size();
		assertThat(purged.get("deleted").asInt()).isEqualTo(gone).isPositive();
		assertThat(purged.get("status").asString()).isEqualTo("COMPLETED");
		long left = before.size() - gone;
		JsonNode restored = killedOften(place, () -> {
			long least = left + 1 + random.nextInt(gone);
			return (rows) -> rows >= least;
		}, "restore", purged.get("run").asString(), "--json");
		assertThat(rows()).isEqualTo(before);
		assertThat(restored.get("restored").asInt()).isEqualTo(gone);
		assertThat(restored.get("existing").asInt()).isZero();
		assertThat(restored.get("refused").asInt()).isZero();
		CommandLineTester commands = new CommandLineTester(place.resolve("home"));
		commands.run("audit", purged.get("run").asString(), "--verify").exits(0);
		commands.run("audit", restored.get("run").asString(), "--verify").exits(0);
	}

	/** Launches a command until it is done. */
	private JsonNode killedOften(Path place, Supplier<LongPredicate> moments, String... command) {
		for (int killed = 0; killed < KILLS_IN_A_ROW && this.kills < KILLS; killed++) {
			LongPredicate moment = moments.get();
			try (KvpurgeProcess process = start(place, command)) {
				Awaitility.await()
					.atMost(Duration.ofMinutes(3))
					.pollInterval(Duration.ofMillis(2))
					.until(() -> !process.isAlive() || moment.test(count()));
				if (process.isAlive()) {
					process.kill();
					process.await();
					this.kills++;
				}
				else {
					assertThat(process.await()).as(process.out() + process.err()).isZero();
					return JsonMapper.shared().readTree(process.out());
				}
			}
		}
		return launch(place, command);
	}

	private JsonNode launch(Path place, String... command) {
		try (KvpurgeProcess process = start(place, command)) {
			assertThat(process.await()).as(() -> process.out() + process.err()).isZero();
			return JsonMapper.shared().readTree(process.out());
		}
	}

	private static KvpurgeProcess start(Path place, String... command) {
		return KvpurgeProcess.start(place,
				Map.of("KVPURGE_HOME", place.resolve("home").toString(), "KVPURGE_SETTLE_DELAY", "1s"), command);
	}

	private long count() {
		return Long.parseLong(select("select count(*)::text from things").get(0));
	}

	private List<String> rows() {
		return select(ROWS);
	}

	private List<String> select(String sql) {
		try (Connection connection = DriverManager.getConnection(this.url);
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			List<String> texts = new ArrayList<>();
			while (rows.next()) {
				texts.add(rows.getString(1));
			}
			return texts;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
