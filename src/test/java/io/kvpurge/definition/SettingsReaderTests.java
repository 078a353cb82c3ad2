package io.kvpurge.definition;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.store.Key;

import static io.kvpurge.definition.DefinitionTexts.problems;
import static org.assertj.core.api.Assertions.assertThat;

class SettingsReaderTests {

	@TempDir
	Path folder;

	private Path file(String name, String text) throws IOException {
		return Files.writeString(this.folder.resolve(name), text);
	}

	private static Settings read(Map<String, String> environment, Path... files) {
		return new SettingsReader(environment::get).read(List.of(files));
	}

	@Test
	void hasDefaultsWhereNothingIsSet() {
		assertThat(read(Map.of(), this.folder.resolve("none.yaml"))).isEqualTo(Settings.DEFAULT);
	}

	@Test
	void whatNoKeyCanBeginWithCannotBeProtected() throws IOException {
		Path file = file("1.yaml", "protect: [\"a/\",\n  \"\\ud83d\"]\n");
		assertThat(problems(() -> read(Map.of(), file))).containsExactly(
				file + ":2: 'protect' cannot be the beginning of a key: no UTF-8 text: it holds an unpaired surrogate");
	}

	@Test
	void laterFilesWinFieldByField() throws IOException {
		Path first = file("1.yaml", """
				max-age: 30s
				stores:
				  a: {type: memory, name: one}
				  b: {type: memory, name: two}
				""");
		Path second = file("2.yaml", "stores:\n  b: {type: jdbc, url: \"jdbc:h2:x\", table: t, key: k}\n");
		Settings settings = read(Map.of(), first, second);
		assertThat(settings.maxAge()).isEqualTo(Duration.ofSeconds(30));
		assertThat(settings.stores()).containsOnlyKeys("a", "b");
		assertThat(settings.stores().get("b").type()).isEqualTo("jdbc");
		assertThat(read(Map.of(), first, file("3.yaml", "max-age: 5m\n")).maxAge()).isEqualTo(Duration.ofMinutes(5));
	}

	@Test
	void theEnvironmentWinsOverFiles() throws IOException {
		assertThat(read(Map.of("KVPURGE_MAX_AGE", "7s"), file("1.yaml", "max-age: 30s\n")).maxAge())
			.isEqualTo(Duration.ofSeconds(7));
	}

	@Test
	void refusesAnAgeThatIsNone() throws IOException {
		Path file = file("1.yaml", "\nmax-age: soon\n");
		assertThat(problems(() -> read(Map.of(), file)))
			.containsExactly(file + ":2: max-age is 'soon': expected a duration such as 30s or 5m");
		assertThat(problems(() -> read(Map.of("KVPURGE_MAX_AGE", "0s")))).containsExactly(
				"environment variable KVPURGE_MAX_AGE: max-age is '0s': expected a duration such as 30s or 5m");
		assertThat(problems(() -> read(Map.of("KVPURGE_MAX_AGE", "")))).hasSize(1);
		assertThat(problems(() -> read(Map.of("KVPURGE_MAX_AGE", "-PT5S")))).hasSize(1);
	}

	@Test
	void saysEverythingThatIsWrong() throws IOException {
		Path file = file("1.yaml", """
				max-ege: 30s
				protect: a/
				stores:
				  a: {type: memroy, name: one}
				  b: {type: jdbc, url: "jdbc:h2:x", table: t, key: k, password: plain}
				  c: text
				""");
		assertThat(problems(() -> read(Map.of(), file))).containsExactly(
				file + ":1: unknown field 'max-ege', did you mean 'max-age'?",
				file + ":2: 'protect' is one value: expected a list, such as [\"a/\", \"b/\"]",
				file + ":4: unknown store type 'memroy', did you mean 'memory'?",
				file + ":5: 'stores.b.password' is a secret: only ${NAME}, a variable of the environment, may stand here",
				file + ":6: 'stores.c' is a text: expected fields below it");
	}

	@Test
	void nobodyTakesProtectionBack() throws IOException {
		Path first = file("1.yaml", "protect: [\"a/\", \"b,c/\"]\n");
		Path second = file("2.yaml", "protect: [\"a/\"]\n");
		assertThat(read(Map.of("KVPURGE_PROTECT", "d/,e/"), first, second).protect()).containsExactly(Key.of("a/"),
				Key.of("b,c/"), Key.of("d/"), Key.of("e/"));
		assertThat(read(Map.of("KVPURGE_PROTECT", "")).protect()).isEmpty();
		assertThat(read(Map.of()).protect()).isEmpty();
	}

	@Test
	void refusesWhatIsNotUtf8() throws IOException {
		Path file = Files.write(this.folder.resolve("latin.yaml"), new byte[] { (byte) 0xe4 });
		assertThat(problems(() -> read(Map.of(), file))).containsExactly(file + ": is not UTF-8 text");
	}

}
