package io.kvpurge.cli;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.kvpurge.cli.CommandLineTester.Result;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.jsonl.EntryReader;

import static org.assertj.core.api.Assertions.assertThat;

class DemoCommandTests {

	private static final JsonMapper JSON = JsonMapper.shared();

	@TempDir
	Path folder;

	/** The keys of all v5 builds without Markdown, looked up without a rule. */
	private static List<String> goal() throws Exception {
		List<String> keys = new ArrayList<>();
		try (InputStream stream = DemoCommand.class.getResourceAsStream("/demo/site-assets.jsonl.gz");
				EntryReader reader = new EntryReader(stream, "demo")) {
			for (KeyValue entry = reader.next(); entry != null; entry = reader.next()) {
				Map<?, ?> metadata = (Map<?, ?>) entry.metadata().value();
				if (metadata.get("build").toString().startsWith("v5.") && !metadata.get("type").equals("md")) {
					keys.add(entry.key().text());
				}
			}
		}
		return keys;
	}

	@Test
	void showsAPurgeOfRealData() throws Exception {
		CommandLineTester commands = new CommandLineTester(this.folder.resolve("demo home"));
		Result first = commands.run("demo").exits(0);
		assertThat(first.out()).contains("loaded   26,341 entries into h2:",
				"rule     metadata.build.startsWith(\"v5.\")", "keep     metadata.type == \"md\"", "demo.1 COMPLETED",
				"  listed     26,341", "  held       231", "  matched    19,492", "  deleted    19,492",
				"for example, these are gone:\n  site/v5.",
				"The ledger is " + commands.home().resolve("definitions/demo/ledger") + ".mv.db",
				"audit demo --verify --home '" + commands.home() + "'");
		assertThat(first.err()).contains("ranges   ", "  range-00001  'site/'");
		List<String> deleted = commands.run("audit", "demo", "--format", "jsonl")
			.exits(0)
			.out()
			.lines()
			.map((line) -> JSON.readTree(line).get("key").asString())
			.toList();
		assertThat(deleted).hasSize(19_492).containsExactlyInAnyOrderElementsOf(goal());

		Result second = commands.run("demo").exits(0);
		assertThat(second.out()).contains("demo.2 COMPLETED", "Nothing is left to do", "  listed     6,849")
			.doesNotContain("loaded", "these are gone");
		JsonNode third = commands.run("demo", "--json").exits(0).json();
		assertThat(third.get("run").asString()).isEqualTo("demo.3");
		assertThat(third.get("matched").asInt()).isZero();
	}

}
