package io.kvpurge.cli;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.kvpurge.testkit.KvpurgeProcess;

import static org.assertj.core.api.Assertions.assertThat;

/** What happens before a command does anything. */
class StartUpTests {

	@TempDir
	private Path folder;

	@ParameterizedTest
	@CsvSource({ "--help, 0", "--version, 0", "rnu, 2" })
	void neitherHelpNorAUsageErrorLoadsSpring(String argument, int exit) throws IOException {
		Path log = this.folder.resolve("classes.txt");
		try (KvpurgeProcess process = KvpurgeProcess.start(this.folder, Map.of(),
				List.of("-Xlog:class+load:file=" + log), argument)) {
			assertThat(process.await()).as(process.err()).isEqualTo(exit);
		}
		try (Stream<String> lines = Files.lines(log)) {
			List<String> classes = lines.filter((line) -> line.contains("source:")).toList();
			assertThat(classes).anyMatch((line) -> line.contains(" picocli.CommandLine "));
			assertThat(classes).noneMatch((line) -> line.contains(" org.springframework."));
		}
	}

	/**
	 * The script of the distribution, beside a jar that leads to the classes of the
	 * tests.
	 */
	private Path installed() throws IOException {
		Path bin = Files.createDirectories(this.folder.resolve("an installation/bin"));
		Path script = Files.copy(Path.of("src/dist/bin/kvpurge"), bin.resolve("kvpurge"));
		assertThat(script.toFile().setExecutable(true)).isTrue();
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "io.kvpurge.cli.Kvpurge");
		manifest.getMainAttributes()
			.put(Attributes.Name.CLASS_PATH,
					Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
						.map((path) -> Path.of(path).toUri().toString())
						.collect(Collectors.joining(" ")));
		Path lib = Files.createDirectories(this.folder.resolve("an installation/lib"));
		try (OutputStream out = Files.newOutputStream(lib.resolve("kvpurge.jar"))) {
			new JarOutputStream(out, manifest).close();
		}
		return script;
	}

	@Test
	@EnabledOnOs(value = { OS.LINUX, OS.MAC }, disabledReason = "the script is for a POSIX shell")
	void theScriptRunsThroughALinkAndHandsArgumentsAndStatusOn() throws IOException, InterruptedException {
		Path link = Files.createSymbolicLink(this.folder.resolve("kvpurge"), installed());
		Path output = this.folder.resolve("output.txt");
		ProcessBuilder builder = new ProcessBuilder(link.toString(), "validate", "no such file.yaml")
			.directory(this.folder.toFile())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile());
		builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
		assertThat(builder.start().waitFor()).isEqualTo(2);
		assertThat(output).hasContent("kvpurge: no such file.yaml: there is no such file");
	}

	@Test
	void completionKnowsEveryCommandAndItsOptions() {
		CommandLineTester commands = new CommandLineTester(this.folder.resolve("home"));
		String script = commands.runBare("completion").exits(0).out();
		assertThat(script).startsWith("#!/usr/bin/env bash").contains("complete -F _complete_kvpurge");
		for (String word : List.of("doctor", "--try-delete", "restore", "--overwrite", "--older-than")) {
			assertThat(script).contains(word);
		}
		assertThat(commands.home()).doesNotExist();
	}

}
