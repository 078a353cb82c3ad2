package io.kvpurge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.testkit.ArtemisServer;
import io.kvpurge.testkit.FinishedProgram;
import io.kvpurge.testkit.PostgresqlServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tar, unpacked into a fresh folder. With {@code -Pdist} it is the one in
 * {@code target}; without it the same script makes one from the jar. Not a
 * {@code *Tests}, since there is no jar before the phase {@code package}.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the tar is made by GNU tar")
class DistributionIT {

	private static final String NAME = "kvpurge-" + System.getProperty("kvpurge.version");

	@TempDir
	private static Path folder;

	private static Path tar;

	private static Path unpacked;

	@BeforeAll
	static void unpack() throws Exception {
		String made = System.getProperty("kvpurge.distribution", "");
		Path where = made.isEmpty() ? Files.createDirectory(folder.resolve("made")) : Path.of(made);
		if (made.isEmpty()) {
			launch(Map.of(), "sh", "src/dist/make-distribution.sh", "target", System.getProperty("kvpurge.version"),
					System.getProperty("kvpurge.timestamp"), where.toString())
				.exits(0);
		}
		tar = where.resolve(NAME + ".tar.gz");
		unpacked = Files.createDirectory(folder.resolve("unpacked")).resolve(NAME);
		launch(Map.of(), "tar", "-xzf", tar.toString(), "-C", unpacked.getParent().toString()).exits(0);
	}

	@Test
	void theChecksumFits() throws Exception {
		launch(Map.of(), "sh", "-c", "cd \"$1\" && sha256sum -c \"$2\"", "sh", tar.getParent().toString(),
				NAME + ".tar.gz.sha256")
			.exits(0);
	}

	@Test
	void whatIsInItBelongsToRootAndIsReadableByAll() throws Exception {
		List<String> entries = launch(Map.of(), "tar", "--numeric-owner", "-tvzf", tar.toString()).exits(0)
			.lines()
			.toList();
		assertThat(entries).hasSizeGreaterThan(50)
			.allMatch((entry) -> entry.matches("(drwxr-xr-x|-rwxr-xr-x|-rw-r--r--) 0/0 .*"));
		assertThat(entries.stream().filter((entry) -> entry.startsWith("-rwx"))).hasSize(2);
	}

	@Test
	void itHasLicenceAndCompletionAndTheBillOfMaterialsOfARelease() throws IOException {
		assertThat(unpacked.resolve("LICENSE")).hasSameTextualContentAs(Path.of("LICENSE"));
		assertThat(unpacked.resolve("completion.bash")).content().contains("complete -F _complete_kvpurge");
		if (Files.exists(Path.of("target/classes/META-INF/sbom/application.cdx.json"))) {
			assertThat(unpacked.resolve("sbom.cdx.json")).content().contains("\"CycloneDX\"", "spring-batch");
		}
	}

	@Test
	void itHasTheExamplesAndTheDocuments() throws IOException {
		for (String path : List.of("README.md", "CHANGELOG.md", "jobs/demo.yaml", "jobs/schedulers/kvpurge@.service",
				"schema/purge-definition.schema.json", "docs/operations.md", "docs/images/report-phone.png")) {
			assertThat(unpacked.resolve(path)).hasSameBinaryContentAs(Path.of(path));
		}
	}

	@Test
	void whatTheDemoProposesCanBeLaunched() throws Exception {
		String shown = launch(Map.of(), "/bin/sh", "-c", "cd \"$1\" && \"$2\" demo", "sh", folder.toString(),
				unpacked.resolve("bin/kvpurge").toString())
			.exits(0);
		List<String> proposed = shown.lines()
			.filter((line) -> line.startsWith("  ") && line.contains("/bin/kvpurge "))
			.map(String::strip)
			.toList();
		assertThat(proposed).hasSize(4);
		for (String line : proposed) {
			assertThat(launch(Map.of(), "/bin/sh", "-c", line).exits(0)).as(line).isNotEmpty();
		}
		assertThat(folder.resolve("kvpurge-demo/reports/demo.1.html")).exists();
	}

	@Test
	void eachLibraryStandsInTheListOfLicencesAndNoOther() throws IOException {
		Pattern row = Pattern.compile("\\| `[\\w.-]+:([\\w.-]+)` \\| \\S.* \\|");
		List<String> listed = Files.readAllLines(unpacked.resolve("docs/licences.md"))
			.stream()
			.map(row::matcher)
			.filter(Matcher::matches)
			.map((match) -> match.group(1))
			.toList();
		try (Stream<Path> libraries = Files.list(unpacked.resolve("lib/lib"))) {
			assertThat(libraries
				.map((library) -> library.getFileName().toString().replaceFirst("-\\d[^-]*(-.*)?\\.jar$", "")))
				.containsExactlyInAnyOrderElementsOf(listed);
		}
	}

	@Test
	void itAnswersAsItIsAndFromTheArchiveOnceItIsPrepared() throws Exception {
		itAnswers();
		assertThat(sharedClasses()).isZero();
		Assumptions.assumeTrue(Files.exists(Path.of(System.getProperty("java.home"), "lib/server/classes.jsa")),
				"this Java has no archive of its own, which one of kvpurge would build on");
		// Its run is nobody else's: with these it would fail.
		assertThat(launch(Map.of("KVPURGE_DATABASE_URL", "jdbc:postgresql://localhost:1/none", "KVPURGE_MAX_AGE", "x"),
				unpacked.resolve("bin/kvpurge-prepare").toString())
			.exits(0)).isEmpty();
		itAnswers();
		assertThat(sharedClasses()).isGreaterThan(500);
		try (Stream<Path> lib = Files.list(unpacked.resolve("lib"))) {
			assertThat(lib.map((path) -> path.getFileName().toString())).containsExactlyInAnyOrder("kvpurge.jar",
					"kvpurge.jsa", "lib");
		}
	}

	private static void itAnswers() throws Exception {
		assertThat(kvpurge("--version").exits(0)).isEqualTo("kvpurge " + System.getProperty("kvpurge.version") + "\n");
		assertThat(kvpurge("validate", "jobs/demo.yaml").exits(0)).startsWith("jobs/demo.yaml: valid");
		assertThat(kvpurge("status").exits(0))
			.isEqualTo("no definition has run yet in " + folder.resolve("home") + "\n");
	}

	@Test
	void itTakesTheCollectorThatFitsUnlessAnotherIsAskedFor() throws Exception {
		assertThat(collector("")).endsWith("Using Serial");
		assertThat(collector("-XX:+UseParallelGC")).endsWith("Using Parallel");
	}

	private static String collector(String options) throws Exception {
		Path log = Files.createTempFile(folder, "collector", ".txt");
		launch(Map.of("KVPURGE_JAVA_OPTIONS", options + " -Xlog:gc:file=" + log),
				unpacked.resolve("bin/kvpurge").toString(), "--version")
			.exits(0);
		return Files.readAllLines(log).get(0);
	}

	/** Only here are the libraries those that are delivered, and no more. */
	@Test
	void aWorkerOfItReachesItsBroker() throws Exception {
		try (ArtemisServer broker = ArtemisServer.start(folder.resolve("broker"))) {
			Map<String, String> variables = Map.of("KVPURGE_DATABASE_URL", PostgresqlServer.newDatabaseUrl(),
					"KVPURGE_BROKER_URL", broker.url());
			assertThat(launch(variables, unpacked.resolve("bin/kvpurge").toString(), "worker", "--idle-exit", "1s")
				.exits(0)).contains(": waits for ranges\n").endsWith("worker ended\n");
		}
	}

	/** How many classes kvpurge takes from its own archive. */
	private static long sharedClasses() throws Exception {
		Path log = Files.createTempFile(folder, "classes", ".txt");
		launch(Map.of("KVPURGE_JAVA_OPTIONS", "-Xlog:class+load:file=" + log),
				unpacked.resolve("bin/kvpurge").toString(), "--version")
			.exits(0);
		try (Stream<String> lines = Files.lines(log)) {
			return lines.filter((line) -> line.endsWith("shared objects file (top)")).count();
		}
	}

	private static FinishedProgram kvpurge(String... arguments) throws Exception {
		return launch(Map.of(),
				Stream.concat(Stream.of(unpacked.resolve("bin/kvpurge").toString()), Stream.of(arguments))
					.toArray(String[]::new));
	}

	private static FinishedProgram launch(Map<String, String> variables, String... command) throws Exception {
		Map<String, String> all = new HashMap<>(Map.of("PATH", System.getenv("PATH"), "JAVA_HOME",
				System.getProperty("java.home"), "KVPURGE_HOME", folder.resolve("home").toString()));
		all.putAll(variables);
		return FinishedProgram.launch(folder, all, List.of(command));
	}

}
