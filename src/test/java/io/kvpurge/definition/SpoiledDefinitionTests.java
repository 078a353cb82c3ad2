package io.kvpurge.definition;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.testkit.Spoiled;
import io.kvpurge.testkit.Trials;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The definitions of the folder {@code jobs} with changes at random places: each is read,
 * or refused by lines that say where and why.
 */
class SpoiledDefinitionTests {

	private static final List<String> GOOD = good();

	private static List<String> good() {
		try (Stream<Path> files = Files.list(Path.of("jobs"))) {
			return files.filter((file) -> file.toString().endsWith(".yaml")).sorted().map((file) -> {
				try {
					return Files.readString(file);
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			}).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String any(Random random) {
		return GOOD.get(random.nextInt(GOOD.size()));
	}

	@Test
	void isReadOrRefusedInLinesThatSayWhere() {
		Trials.of(600, (random) -> {
			String text = Spoiled.text(random, any(random), any(random));
			try {
				PurgeDefinition definition = new DefinitionReader().read(text, "a.yaml");
				assertThat(new DefinitionReader().read(text, "a.yaml").digest()).isEqualTo(definition.digest());
			}
			catch (DefinitionException ex) {
				assertThat(ex.problems()).isNotEmpty()
					.allMatch((problem) -> problem.matches("a\\.yaml(:[1-9][0-9]*)?: .+"), "one line that says where");
			}
		});
	}

	/** Settings are read by the same rules. */
	@Test
	void settingsAreReadOrRefusedInLinesThatSayWhere(@TempDir Path folder) {
		String good = """
				max-age: 90s
				request-timeout: 10s
				settle-delay: 1m
				protect: ["config/", "größe/"]
				stores:
				  shop: {type: jdbc, url: "jdbc:h2:mem:x", table: t, key: id}
				""";
		Path file = folder.resolve("kvpurge.yaml");
		Trials.of(200, (random) -> {
			String text = Spoiled.text(random, good, any(random));
			try {
				new SettingsReader((name) -> null)
					.read(List.of(Files.write(file, text.getBytes(StandardCharsets.UTF_8))));
			}
			catch (DefinitionException ex) {
				assertThat(ex.problems()).isNotEmpty()
					.allMatch((problem) -> problem.substring(file.toString().length()).matches("(:[1-9][0-9]*)?: .+"),
							"one line that says where");
			}
		});
	}

}
