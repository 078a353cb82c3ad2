package io.kvpurge.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.cli.CommandLineTester.Result;

import static org.assertj.core.api.Assertions.assertThat;

class LoadCommandTests {

	private static final String ENTRIES = """
			{"key":"a/1","metadata":{"size":1,"type":"js"}}

			{"key":"a/2","metadata":{"size":20,"type":"js"}}
			""";

	@TempDir
	Path folder;

	private AssetTable table;

	private CommandLineTester commands;

	@BeforeEach
	void noTable() {
		this.table = new AssetTable(this.folder);
		this.commands = new CommandLineTester(this.folder.resolve("home"));
	}

	private Result load(Path entries, Object... more) {
		Path definition = this.table.definition("columns: [size, type]", "metadata: meta");
		Object[] args = new Object[3 + more.length];
		System.arraycopy(new Object[] { "load", definition, entries }, 0, args, 0, 3);
		System.arraycopy(more, 0, args, 3, more.length);
		return this.commands.run(args);
	}

	@Test
	void makesAMissingTableAndFillsIt() {
		Result result = load(this.table.write("e.jsonl", ENTRIES)).exits(0);
		assertThat(result.out()).matches("loaded 2 entries into h2:.+ table PUBLIC\\.assets\\R");
		assertThat(this.table.keys()).containsExactly("a/1", "a/2");
		assertThat(this.commands.home()).doesNotExist();
	}

	@Test
	void replacesWhatIsThere() {
		load(this.table.write("e.jsonl", ENTRIES)).exits(0);
		load(this.table.write("e.jsonl", ENTRIES.replace("20", "1"))).exits(0);
		Path definition = this.table.definition("columns: [size, type]", "metadata: meta");
		assertThat(this.commands.run("run", definition, "--json").exits(0).json().get("unmatched").asInt())
			.isEqualTo(2);
	}

	@Test
	void unpacksGzip() throws IOException {
		Path packed = this.folder.resolve("e.jsonl.gz");
		try (OutputStream stream = new GZIPOutputStream(Files.newOutputStream(packed))) {
			stream.write(ENTRIES.getBytes(StandardCharsets.UTF_8));
		}
		assertThat(load(packed, "--json").exits(0).json().get("reason").asString()).startsWith("loaded 2 entries");
	}

	@Test
	void namesABadLineAndLoadsNothing() {
		String[][] bad = { { "{\"key\":", "not JSON: " }, { "[]", "not a JSON object" },
				{ "{\"kee\":\"a\"}", "unknown field 'kee'" }, { "{\"value\":\"a\"}", "'key' is missing or empty" },
				{ "{\"key\":\"\"}", "'key' is missing or empty" }, { "{\"key\":\"a\",\"key\":\"b\"}", "not JSON: " } };
		for (String[] line : bad) {
			Path entries = this.table.write("e.jsonl", ENTRIES + line[0] + "\n");
			Result result = load(entries, "--json").exits(2);
			assertThat(result.problems()).singleElement().asString().startsWith(entries + ":4: " + line[1]);
			BadDefinitionTests.assertError(result.json(), 2, "USAGE", result.problems());
		}
		assertThat(this.table.exists()).isFalse();
	}

	@Test
	void refusesEntriesThatCannotBeRead() throws IOException {
		Path none = this.folder.resolve("none.jsonl");
		assertThat(load(none).exits(2).problems()).containsExactly(none + ": there is no such file");
		assertThat(load(this.folder).exits(2).problems())
			.containsExactly(this.folder + ": is a folder: name a file in it");
		Path latin = Files.write(this.folder.resolve("latin.jsonl"), new byte[] { (byte) 0xe4, '\n' });
		assertThat(load(latin).exits(2).problems()).containsExactly(latin + ":1: not UTF-8");
		Path cut = Files.write(this.folder.resolve("cut.gz"), new byte[] { 0x1f, (byte) 0x8b, 8 });
		assertThat(load(cut).exits(2).problems()).singleElement()
			.asString()
			.startsWith(cut + ": the gzip stream is cut off or damaged");
		assertThat(this.table.exists()).isFalse();
	}

	@Test
	void refusesWhatTheTableCannotKeep() {
		Path entries = this.table.write("e.jsonl", "{\"key\":\"a\",\"value\":\"v\"}\n");
		assertThat(load(entries).exits(2).problems())
			.containsExactly("the table has no place for the value of key a: name a column with 'value'");
		assertThat(this.table.keys()).isEmpty();
	}

}
