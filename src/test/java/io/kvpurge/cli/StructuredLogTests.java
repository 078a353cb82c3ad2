package io.kvpurge.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.kvpurge.testkit.KvpurgeProcess;

import static org.assertj.core.api.Assertions.assertThat;

class StructuredLogTests {

	private static final JsonMapper JSON = JsonMapper.shared();

	@TempDir
	private Path folder;

	private KvpurgeProcess run(Map<String, String> environment, int status) {
		AssetTable table = new AssetTable(this.folder).filled();
		KvpurgeProcess process = KvpurgeProcess.start(this.folder, environment, "run", table.definition().toString(),
				"--home", this.folder.resolve("home").toString(), "--json");
		assertThat(process.await()).as(process.err()).isEqualTo(status);
		return process;
	}

	private static boolean has(JsonNode line, String field, String value) {
		return line.path(field).asString("").equals(value);
	}

	@Test
	void everyLineOfStandardErrorIsAnObjectThatNamesRunAttemptAndRange() {
		KvpurgeProcess process = run(Map.of("KVPURGE_LOG_FORMAT", "ecs", "KVPURGE_LOG_LEVEL", "INFO"), 0);
		assertThat(process.out().lines()).hasSize(1);
		List<JsonNode> lines = process.err().lines().map((line) -> JSON.readTree(line)).toList();
		assertThat(lines).allSatisfy((line) -> {
			assertThat(line.get("@timestamp").asString()).endsWith("Z");
			assertThat(line.at("/service/name").asString()).isEqualTo("kvpurge");
		});
		assertThat(lines).filteredOn((line) -> line.get("message").asString().startsWith("kvpurge assets.1, home "))
			.singleElement()
			.satisfies((line) -> assertThat(has(line, "run", "assets.1") && has(line, "attempt", "1")).isTrue());
		assertThat(lines)
			.filteredOn((line) -> line.at("/process/thread/name").asString().startsWith("range-")
					&& has(line, "run", "assets.1"))
			.extracting((line) -> line.path("range").asString(""))
			.contains("range-00001");
	}

	@Test
	void whatADriverLogsByTheMeansOfTheJdkIsAnObjectToo() throws IOException {
		Path definition = Files.writeString(this.folder.resolve("far.yaml"), """
				version: 1
				name: far
				store: {type: jdbc, url: "jdbc:postgresql://localhost:99999/x", table: entries, key: name}
				select: {prefixes: ["a/"], where: all}
				""");
		Map<String, String> environment = Map.of("KVPURGE_LOG_FORMAT", "ecs", "KVPURGE_LOG_LEVEL", "INFO");
		KvpurgeProcess process = KvpurgeProcess.start(this.folder, environment, "plan", definition.toString(), "--home",
				this.folder.resolve("home").toString());
		assertThat(process.await()).as(process.err()).isNotZero();
		assertThat(process.err().lines().map((line) -> JSON.readTree(line)))
			.anyMatch((line) -> line.at("/log/logger").asString().startsWith("org.postgresql"));
	}

	@Test
	void textNamesThemInBrackets() throws Exception {
		assertThat(text(Map.of("run", "assets.1", "attempt", "2", "range", "range-00001")))
			.endsWith(" INFO  [main] [assets.1 attempt 2 range-00001] io.kvpurge.Some: done\n");
		assertThat(text(Map.of("run", "assets.1", "attempt", "2")))
			.endsWith(" INFO  [main] [assets.1 attempt 2] io.kvpurge.Some: done\n");
		assertThat(text(Map.of())).endsWith(" INFO  [main] io.kvpurge.Some: done\n");
	}

	/** By the configuration of the jar, in a context of its own. */
	private static String text(Map<String, String> labels) throws Exception {
		LoggerContext context = new LoggerContext();
		JoranConfigurator configurator = new JoranConfigurator();
		configurator.setContext(context);
		configurator.doConfigure(Kvpurge.class.getResource("/logback.xml"));
		LoggingEvent event = new LoggingEvent();
		event.setLevel(Level.INFO);
		event.setLoggerName("io.kvpurge.Some");
		event.setThreadName("main");
		event.setMessage("done");
		event.setInstant(Instant.EPOCH);
		event.setMDCPropertyMap(labels);
		ConsoleAppender<ILoggingEvent> appender = (ConsoleAppender<ILoggingEvent>) context.getLogger("ROOT")
			.getAppender("STDERR");
		return new String(appender.getEncoder().encode(event), StandardCharsets.UTF_8);
	}

	@Test
	void aFormatThatIsNoneIsRefused() {
		KvpurgeProcess process = run(Map.of("KVPURGE_LOG_FORMAT", "xml"), 2);
		assertThat(process.err().lines())
			.containsExactly("kvpurge: KVPURGE_LOG_FORMAT is 'xml': expected text, ecs, gelf or logstash");
	}

}
