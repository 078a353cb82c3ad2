package io.kvpurge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import io.kvpurge.testkit.RedisCluster;

import static org.assertj.core.api.Assertions.assertThat;

/** Commands against a real Redis Cluster. */
class RedisClusterCommandTests {

	@TempDir
	private Path folder;

	private final RedisCluster cluster = RedisCluster.shared();

	private final RedisClusterCommands<String, String> redis = this.cluster.connection().sync();

	@BeforeEach
	void clear() {
		this.cluster.clear();
	}

	private CommandLineTester commands() {
		return new CommandLineTester(this.folder.resolve("home"));
	}

	private Path definition(String url, String more) throws IOException {
		return Files.writeString(this.folder.resolve("sessions.yaml"), """
				version: 1
				name: sessions
				store:
				  type: redis
				  url: %s
				%sselect:
				  prefixes: ["session:", "{{tagged}}"]
				  where: "metadata.hash.tenant == 'a' && expiration == null && metadata.size > 0"
				limits: {max-fraction: 1}
				backup: true
				""".formatted(url, more));
	}

	private Path entries() throws IOException {
		return Files.writeString(this.folder.resolve("sessions.jsonl"),
				IntStream.range(0, 100)
					.mapToObj((i) -> "{\"key\": \"%s%d\", \"metadata\": {\"hash\": {\"tenant\": \"%s\"}}}"
						.formatted((i % 10 == 0) ? "{tagged}" : "session:", i, (i % 2 == 0) ? "a" : "b"))
					.collect(Collectors.joining("\n")));
	}

	/** On each server, as a cluster has no common list of users. */
	private void allow(String user) throws IOException {
		for (int i = 0; i < 3; i++) {
			DocumentedPermissions.grantInCluster(this.cluster.commands(i), user, "~*");
		}
	}

	@Test
	void whatMatchesGoesAndComesBack() throws IOException {
		allow("cleaner");
		Path definition = definition(this.cluster.url(0), """
				  cluster: true
				  username: cleaner
				  password: ${REDIS_PASSWORD}
				""");
		CommandLineTester commands = commands();
		commands.set("REDIS_PASSWORD", DocumentedPermissions.PASSWORD);
		commands.run("load", definition, entries()).exits(0);
		assertThat(this.redis.dbsize()).isEqualTo(100);
		commands.run("doctor", definition, "--try-delete").exits(0);
		commands.run("plan", definition).exits(0);
		assertThat(this.redis.dbsize()).isEqualTo(100);
		JsonNode run = commands.run("apply", "sessions.1", "--json").exits(0).json();
		assertThat(run.get("deleted").asInt()).isEqualTo(50);
		assertThat(run.get("guarantee").asString()).isEqualTo("compare-and-delete");
		assertThat(this.redis.dbsize()).isEqualTo(50);
		assertThat(commands.run("restore", "sessions.2", "--json").exits(0).json().get("restored").asInt())
			.isEqualTo(50);
		assertThat(this.redis.dbsize()).isEqualTo(100);
		assertThat(this.redis.hget("{tagged}20", "tenant")).isEqualTo("a");
		String shown = commands.run("run", definition, "--new").exits(0).err();
		// A range for each server, and one for what lies in one slot.
		assertThat(shown).contains("ranges   4").contains("'session:' slots 0-").contains("'{tagged}'");
		assertThat(this.redis.dbsize()).isEqualTo(50);
	}

	@Test
	void whatTheServersAreMustBeSaid() throws IOException {
		assertThat(commands().run("run", definition(this.cluster.url(0), "")).exits(2).problems().toString())
			.contains("say 'cluster: true' beside 'url'");
		assertThat(commands().run("validate", definition("redis://localhost", "  cluster: perhaps\n"))
			.exits(2)
			.problems()
			.toString()).contains("'store.cluster' is 'perhaps': expected true or false");
	}

}
