package io.kvpurge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import io.kvpurge.testkit.KvpurgeProcess;
import io.kvpurge.testkit.RedisServer;

import static org.assertj.core.api.Assertions.assertThat;

/** Commands against a real Redis. */
class RedisCommandTests {

	private static final String USER = "kvpurge";

	/** How many keys go and come back: {@code -Dkvpurge.entries=N} for more. */
	private static final int ENTRIES = Integer.getInteger("kvpurge.entries", 300);

	private static final String NAME = """
			local function name(i)
			  return 'session:' .. (i % 7 == 0 and '\\255\\0\\n' or '😀 ü') .. i
			end
			""";

	/**
	 * Keys of five types, every third with an expiration, some whose names are no text.
	 */
	private static final String TYPES = NAME + """
			for i = ARGV[1], ARGV[2] - 1 do
			  local key = name(i)
			  if i % 5 == 0 then redis.call('SET', key, '\\0\\255' .. i)
			  elseif i % 5 == 1 then redis.call('HSET', key, 'a', i, '\\254', 'ü')
			  elseif i % 5 == 2 then redis.call('RPUSH', key, i, '', '\\0')
			  elseif i % 5 == 3 then redis.call('SADD', key, i)
			  else redis.call('ZADD', key, i / 3, 'x', -1, '\\200') end
			  if i % 3 == 0 then redis.call('PEXPIREAT', key, 4102444800000 + i) end
			end""";

	private static final String CONTENTS = NAME + """
			local contents = {}
			for i = ARGV[1], ARGV[2] - 1 do
			  local key = name(i)
			  local dump = redis.call('DUMP', key)
			  local left, expires = redis.call('PTTL', key), 'never'
			  if left >= 0 then
			    local now = redis.call('TIME')
			    local at = now[1] * 1000 + math.floor(now[2] / 1000) + left
			    expires = math.abs(at - 4102444800000 - i) <= 20 and 'as set' or string.format('%.0f', at)
			  end
			  contents[#contents + 1] = dump and (redis.sha1hex(dump) .. ' ' .. expires) or 'gone'
			end
			return contents""";

	@TempDir
	private Path folder;

	private String url = "";

	private StatefulRedisConnection<String, String> connection;

	private RedisCommands<String, String> redis;

	@BeforeEach
	void connect() {
		this.url = RedisServer.shared().newDatabase();
		this.connection = RedisServer.shared().connect(this.url);
		this.redis = this.connection.sync();
	}

	@AfterEach
	void disconnect() {
		this.connection.close();
	}

	private CommandLineTester commands() {
		return new CommandLineTester(this.folder.resolve("home"));
	}

	private Path definition(String where, String more) {
		try {
			return Files.writeString(this.folder.resolve("sessions.yaml"), """
					version: 1
					name: sessions
					store:
					  type: redis
					  url: %s
					%sselect:
					  prefixes: ["session:"]
					  where: "%s"
					limits: {max-fraction: 1}
					""".formatted(this.url, more, where));
		}
		catch (IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
	}

	private void fill(int count) {
		this.redis.eval("""
				for i = 0, ARGV[1] - 1 do
				  redis.call('HSET', 'session:' .. i, 'tenant', i % 2 == 0 and 'a' or 'b', 'n', i)
				end""", ScriptOutputType.STATUS, new String[0], String.valueOf(count));
		this.redis.set("other", "stays");
	}

	@Test
	void whatMatchesGoesAndComesBack() {
		fill(100);
		this.redis.pexpireat("session:4", 4_102_444_800_123L);
		Path definition = definition("metadata.hash.tenant == 'a'", "backup: true\n");
		CommandLineTester commands = commands();
		commands.run("doctor", definition, "--try-delete").exits(0);
		JsonNode run = commands.run("run", definition, "--json").exits(0).json();
		assertThat(run.get("guarantee").asString()).isEqualTo("compare-and-delete");
		assertThat(run.get("deleted").asInt()).isEqualTo(50);
		assertThat(run.get("unmatched").asInt()).isEqualTo(50);
		assertThat(this.redis.dbsize()).isEqualTo(51);
		commands.run("restore", "sessions.1").exits(0);
		assertThat(this.redis.dbsize()).isEqualTo(101);
		assertThat(this.redis.hgetall("session:4")).isEqualTo(Map.of("tenant", "a", "n", "4"));
		assertThat(this.redis.pttl("session:4")).isPositive();
		assertThat(commands.run("audit", "sessions.1", "--verify").exits(0).out()).contains("intact");
	}

	@Test
	void everyKeyOfEveryTypeComesBackAsItWas() {
		for (int from = 0; from < ENTRIES; from += 1000) {
			this.redis.eval(TYPES, ScriptOutputType.STATUS, new String[0], String.valueOf(from),
					String.valueOf(Math.min(ENTRIES, from + 1000)));
		}
		List<String> before = contents();
		CommandLineTester commands = commands();
		JsonNode run = commands.run("run", definition("all", "backup: true\n"), "--json").exits(0).json();
		assertThat(run.get("deleted").asInt()).isEqualTo(ENTRIES);
		assertThat(this.redis.dbsize()).isZero();
		assertThat(commands.run("restore", "sessions.1", "--json").exits(0).json().get("restored").asInt())
			.isEqualTo(ENTRIES);
		assertThat(contents()).isEqualTo(before);
	}

	/**
	 * Of each key in order its name, its dump, and when it expires, by the server's
	 * clock.
	 */
	private List<String> contents() {
		List<String> contents = new ArrayList<>();
		for (int from = 0; from < ENTRIES; from += 1000) {
			contents.addAll(this.redis.eval(CONTENTS, ScriptOutputType.MULTI, new String[0], String.valueOf(from),
					String.valueOf(Math.min(ENTRIES, from + 1000))));
		}
		assertThat(contents).hasSize(ENTRIES).doesNotContain("gone");
		return contents;
	}

	@Test
	void aPlanIsAppliedToWhatStillMatches() {
		fill(20);
		Path definition = definition("metadata.hash.tenant == 'a'", "");
		CommandLineTester commands = commands();
		commands.run("plan", definition).exits(0);
		assertThat(this.redis.dbsize()).isEqualTo(21);
		this.redis.hset("session:4", "tenant", "c");
		JsonNode run = commands.run("apply", "sessions.1", "--json").exits(0).json();
		assertThat(run.get("deleted").asInt()).isEqualTo(9);
		assertThat(this.redis.exists("session:4")).isEqualTo(1);
	}

	@Test
	void whatAPolicyCannotTellIsRefusedAtOnce() {
		assertThat(commands().run("run", definition("metadata.freq < 2", "")).exits(2).problems().toString())
			.contains("maxmemory-policy noeviction");
		Path mixed = definition("metadata.idle > 2 && metadata.hash.tenant == 'a'", "");
		if (RedisServer.isAtLeast(this.redis, 7, 2)) {
			commands().run("run", mixed).exits(0);
		}
		else {
			assertThat(commands().run("run", mixed).exits(2).problems().toString()).contains("CLIENT NO-TOUCH");
		}
	}

	@Test
	void aKilledRunIsCarriedOn() throws IOException {
		fill(20_000);
		Path definition = definition("key != 'session:7'", "");
		try (KvpurgeProcess killed = KvpurgeProcess.start(this.folder, Map.of(), "run", definition.toString(), "--home",
				this.folder.resolve("home").toString())) {
			Awaitility.await()
				.atMost(Duration.ofMinutes(3))
				.pollInterval(Duration.ofMillis(5))
				.until(() -> this.redis.dbsize() < 20_001);
			killed.kill();
			killed.await();
		}
		// The server has answered long ago: nobody need wait for as long as a call may
		// take.
		commands().set("KVPURGE_SETTLE_DELAY", "1s").run("run", definition).exits(0);
		assertThat(this.redis.keys("*")).containsExactlyInAnyOrder("session:7", "other");
		assertThat(commands().run("audit", "sessions.1", "--verify").exits(0).out()).contains("intact");
	}

	@Test
	void theDocumentedPermissionsSuffice() throws IOException {
		DocumentedPermissions.grant(this.redis, USER, "~session:*");
		fill(10);
		this.redis.set("session:text", "{\"tenant\": \"a\"}");
		CommandLineTester commands = commands();
		Path definition = definition("expiration == null && metadata.size > 0 && (metadata.field('hash.tenant') == 'a'"
				+ " || metadata.field('json.tenant') == 'a') && metadata.type != 'list'", "backup: true\n");
		Files.writeString(definition, Files.readString(definition)
			.replace("backup:", "  username: " + USER + "\n  password: ${REDIS_PASSWORD}\nbackup:"));
		commands.set("REDIS_PASSWORD", DocumentedPermissions.PASSWORD);
		commands.run("run", definition).exits(0);
		assertThat(this.redis.dbsize()).isEqualTo(6);
		commands.run("restore", "sessions.1").exits(0);
		assertThat(this.redis.dbsize()).isEqualTo(12);
		Path idle = Files.writeString(this.folder.resolve("idle.yaml"),
				Files.readString(definition)
					.replaceAll("where: .*", "where: \"metadata.idle >= 0\"")
					.replace("name: sessions", "name: idle"));
		commands.run("run", idle).exits(0);
		assertThat(this.redis.dbsize()).isEqualTo(1);
	}

}
