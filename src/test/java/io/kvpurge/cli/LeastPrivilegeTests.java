package io.kvpurge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.testkit.PostgresqlServer;

import static org.assertj.core.api.Assertions.assertThat;

/** The roles of {@code docs/operations.md} may do what they must, and no more. */
class LeastPrivilegeTests {

	private static final Pattern SQL = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);

	@TempDir
	private Path folder;

	private final String database = PostgresqlServer.newDatabaseUrl();

	private final String store = PostgresqlServer.newDatabaseUrl();

	/** The blocks of SQL under the heading, in order. */
	private static List<String> documented() throws IOException {
		String page = Files.readString(Path.of("docs/operations.md"));
		String section = page.substring(page.indexOf("### Least privilege"), page.indexOf("## Look first"));
		return SQL.matcher(section).results().map((MatchResult block) -> block.group(1)).toList();
	}

	private static String as(String role, String url) {
		return url.replace("user=" + PostgresqlServer.USER, "user=" + role);
	}

	private CommandLineTester commandsAs(String role) {
		return new CommandLineTester(this.folder.resolve("home")).set("KVPURGE_DATABASE_URL", as(role, this.database))
			.set("KVPURGE_SETTLE_DELAY", "0s");
	}

	private static void asAdministrator(String url, String... sql) {
		AssetTable.executeIn(url, PostgresqlServer.USER, sql);
	}

	private Path definition(String limits) throws IOException {
		return Files.writeString(this.folder.resolve("old-sessions.yaml"), """
				version: 1
				name: old-sessions
				store: {type: jdbc, url: "%s", table: sessions, key: id, columns: [age]}
				select: {prefixes: [""], where: metadata.age > 30}
				limits: {max-fraction: 1%s}
				""".formatted(as("kvpurge", this.store), limits));
	}

	@Test
	void theDocumentedGrantsAreEnough() throws IOException {
		List<String> blocks = documented();
		assertThat(blocks).hasSize(3);
		asAdministrator(this.database, blocks.get(0));
		assertThat(commandsAs("kvpurge").run("status").exits(2).problems()).singleElement()
			.asString()
			.endsWith("this user may not change them: launch 'kvpurge status' once as their owner");
		commandsAs("kvpurge_owner").run("status").exits(0);
		asAdministrator(this.database, blocks.get(1));
		asAdministrator(this.store, "create table sessions (id text collate \"C\" primary key, age int)",
				"insert into sessions select 's' || n, n from generate_series(1, 100) n", blocks.get(2));

		CommandLineTester commands = commandsAs("kvpurge");
		commands.run("run", definition(", max-deletes: 30")).exits(4);
		commands.run("stop", "--all").exits(0);
		commands.run("resume", "--all").exits(0);
		assertThat(commands.run("run", definition(""), "--json").exits(0).json().get("deleted").asInt()).isEqualTo(70);
		commands.run("audit", "old-sessions.1", "--verify").exits(0);
		commands.run("prune", "--older-than", "0s").exits(0);
	}

}
