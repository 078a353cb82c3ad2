package io.kvpurge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import io.kvpurge.cli.CommandLineTester.Result;

import static org.assertj.core.api.Assertions.assertThat;

class ValidateCommandTests {

	@TempDir
	Path folder;

	private Result validate(Object... args) {
		Object[] all = new Object[args.length + 1];
		all[0] = "validate";
		System.arraycopy(args, 0, all, 1, args.length);
		return new CommandLineTester(this.folder.resolve("home")).run(all);
	}

	@Test
	void showsTheRulesAsParsed() {
		Path file = new AssetTable(this.folder).definition("\"metadata.size >= 10\"", "(metadata.size>=10)");
		Result result = validate(file).exits(0);
		assertThat(result.out().lines()).satisfiesExactly(
				(line) -> assertThat(line).matches("\\Q" + file + "\\E: valid \\(digest [0-9a-f]{12}\\)"),
				(line) -> assertThat(line).isEqualTo("  where: metadata.size >= 10"),
				(line) -> assertThat(line).isEqualTo("  keep: metadata.field(\"type\") == \"md\""));
		assertThat(this.folder.resolve("home")).doesNotExist();
	}

	@Test
	void warnsOfWhatMayNotMeanWhatItSeemsTo() {
		Path file = new AssetTable(this.folder).definition("metadata.field('type') == 'md'", "metadata.type == 'md'");
		String warning = file
				+ ": warning: keep: every entry without metadata.type is held: write metadata.field('type') if these may go";
		assertThat(validate(file).exits(0).problems()).containsExactly(warning);
		JsonNode json = validate(file, "--json").exits(0).json();
		assertThat(json.at("/definitions/0/warnings/0").asString()).isEqualTo(warning);
	}

	@Test
	void hintsAtWhatTheDefinitionCosts() throws IOException {
		Path file = Files.writeString(this.folder.resolve("d.yaml"), """
				version: 1
				name: d
				store: {type: cloudflare, account-id: a, api-token: "${T}", namespace: n}
				select: {prefixes: [""], where: all}
				partitions: 8
				limits: {max-fraction: 1}
				recheck: true
				""");
		String range = "Cloudflare lists one prefix page after page, so that partitions: 8 has one range only:"
				+ " more prefixes or select.split-by would give more";
		String recheck = "recheck costs one read call for each 100 keys that match, and deletes name 1,000 keys at most";
		assertThat(validate(file).exits(0).out().lines()).contains("  hint: " + range, "  hint: " + recheck);
		JsonNode hints = validate(file, "--json").exits(0).json().at("/definitions/0/hints");
		assertThat(hints.valueStream().map(JsonNode::asString)).containsExactly(range, recheck);
		String text = Files.readString(file).replace("recheck: true\n", "");
		for (String other : List.of(text.replace("where:", "split-by: ab, where:"), text.replace("[\"\"]", "[a, b]"),
				text.replace("partitions: 8", "partitions: 1"))) {
			Files.writeString(file, other);
			assertThat(validate(file).exits(0).out()).contains(": valid").doesNotContain("hint");
		}
	}

	@Test
	void hintsAtGuards() throws IOException {
		Path file = Files.writeString(this.folder.resolve("d.yaml"), """
				version: 1
				name: d
				store: {type: memory, name: n}
				select: {prefixes: [""], where: all}
				""");
		assertThat(validate(file).exits(0).out()).contains("  hint: it selects every key that the store has: 'run'"
				+ " refuses that until limits.max-fraction: 1 says so, too\n");
		Files.writeString(file,
				Files.readString(file).replace("where: all}", "where: \"key != 'a'\"}\nlimits: {max-fraction: 0.2}"));
		assertThat(validate(file).exits(0).out()).contains("  hint: everything is found before anything is deleted");
		Files.writeString(file, Files.readString(file).replace("0.2", "1"));
		assertThat(validate(file).exits(0).out()).doesNotContain("hint");
	}

	@Test
	void looksAtEveryFile() {
		AssetTable table = new AssetTable(this.folder);
		Path good = table.definition();
		Path bad = table.write("bad.yaml", table.text().replace("name: assets", "name: A"));
		Path none = this.folder.resolve("none.yaml");
		Result result = validate(bad, good, none).exits(2);
		assertThat(result.problems()).hasSize(2);
		assertThat(result.problems().get(0)).startsWith(bad + ":2: 'name' is 'A'");
		assertThat(result.problems().get(1)).isEqualTo(none + ": there is no such file");
		assertThat(result.out()).contains(good + ": valid");
		Result json = validate(bad, good, none, "--json").exits(2);
		BadDefinitionTests.assertError(json.json(), 2, "USAGE", result.problems());
	}

	@Test
	void givesOneObjectForAllFiles() {
		Path file = new AssetTable(this.folder).definition();
		JsonNode json = validate(file, file, "--json").exits(0).json();
		assertThat(json.get("reason").asString()).isEqualTo("valid: assets, assets");
		assertThat(json.get("definitions")).hasSize(2);
		assertThat(json.at("/definitions/1/where").asString()).isEqualTo("metadata.size >= 10");
	}

}
