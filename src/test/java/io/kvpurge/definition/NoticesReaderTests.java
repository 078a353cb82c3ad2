package io.kvpurge.definition;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.kvpurge.definition.DefinitionTexts.problems;
import static org.assertj.core.api.Assertions.assertThat;

class NoticesReaderTests {

	@TempDir
	private Path folder;

	private Path file(String text) throws Exception {
		return Files.writeString(Files.createTempFile(this.folder, "kvpurge", ".yaml"), text);
	}

	private static Notices read(Map<String, String> environment, Path... files) {
		return new SettingsReader(environment::get).read(List.of(files)).notices();
	}

	@Test
	void readsWhoIsTold() throws Exception {
		Notices notices = read(Map.of("HOOK", "https://hooks.example/a?b=c"), file("""
				metrics:
				  textfile-directory: /var/lib/node_exporter
				  otlp-url: http://collector:4318/v1/metrics
				webhook:
				  url: ${HOOK}
				  on: [guard, failure]
				  stalled-after: 2h
				"""));
		assertThat(notices).isEqualTo(new Notices(Path.of("/var/lib/node_exporter"),
				URI.create("http://collector:4318/v1/metrics"), URI.create("https://hooks.example/a?b=c"),
				java.util.Set.of(RunEvent.GUARD, RunEvent.FAILURE), Duration.ofHours(2)));
	}

	@Test
	void theEnvironmentWinsAndCanTakeBack() throws Exception {
		Path file = file("webhook: {url: \"http://a.example/\", on: [guard]}\n");
		Notices notices = read(Map.of("KVPURGE_WEBHOOK_URL", "", "KVPURGE_WEBHOOK_ON", "stalled",
				"KVPURGE_WEBHOOK_STALLED_AFTER", "1m"), file);
		assertThat(notices.webhookUrl()).isNull();
		assertThat(notices.webhookOn()).containsExactly(RunEvent.STALLED);
		assertThat(notices.stalledAfter()).isEqualTo(Duration.ofMinutes(1));
	}

	@Test
	void saysEverythingThatIsWrongAndRepeatsNoAddress() throws Exception {
		Path file = file("""
				metrics: {otlp-url: "ftp://x.example/hidden", textfile: /x}
				webhook:
				  url: "https://user:hidden@x.example/"
				  on: [sucess]
				  stalled-after: soon
				""");
		assertThat(problems(() -> read(Map.of(), file))).containsExactly(
				file + ":1: unknown field 'textfile': expected otlp-url, textfile-directory",
				file + ":1: metrics.otlp-url is no address: expected http://HOST/... or https://HOST/...",
				file + ":3: webhook.url has a user in it: give a token or header in the environment instead",
				file + ":4: unknown event 'sucess', did you mean 'success'?",
				file + ":5: webhook.stalled-after is 'soon': expected a duration such as 15m or 2h");
		Path unset = file("webhook: {url: \"${HOOK}\"}\n");
		assertThat(problems(() -> read(Map.of(), unset)))
			.containsExactly(unset + ":1: webhook.url is in the environment variable HOOK, which is not set");
	}

}
