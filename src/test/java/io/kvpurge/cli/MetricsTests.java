package io.kvpurge.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.cli.CommandLineTester.Result;
import io.kvpurge.testkit.HttpReceiver;

import static org.assertj.core.api.Assertions.assertThat;

class MetricsTests {

	@TempDir
	private Path folder;

	private AssetTable table;

	private CommandLineTester commands;

	private Path metrics;

	@BeforeEach
	void fill() throws Exception {
		this.table = new AssetTable(this.folder).filled();
		this.metrics = Files.createDirectory(this.folder.resolve("metrics"));
		this.commands = new CommandLineTester(this.folder.resolve("home"));
	}

	private List<String> names() throws Exception {
		try (Stream<Path> files = Files.list(this.metrics)) {
			return files.map((file) -> file.getFileName().toString()).sorted().toList();
		}
	}

	/** Its lines without comments, and without what every one has. */
	private List<String> lines(String name) throws Exception {
		return Files.readAllLines(this.metrics.resolve(name))
			.stream()
			.filter((line) -> !line.startsWith("#"))
			.map((line) -> line.replaceAll("definition=\"assets\",|,?store=\"[^\"]*\"", ""))
			.toList();
	}

	@Test
	void aRunLeavesItsNumbersForTheTextfileCollector() throws Exception {
		this.commands.set("KVPURGE_METRICS_TEXTFILE_DIRECTORY", this.metrics.toString());
		this.commands.run("plan", this.table.definition()).exits(0);
		this.commands.run("run", this.table.definition()).exits(0);
		assertThat(names()).containsExactly("kvpurge-assets-plan.prom", "kvpurge-assets-purge.prom");
		assertThat(lines("kvpurge-assets-purge.prom")).contains(
				"kvpurge_run_keys{mode=\"purge\",outcome=\"listed\"} 100.0",
				"kvpurge_run_keys{mode=\"purge\",outcome=\"deleted\"} 81.0",
				"kvpurge_run_keys{mode=\"purge\",outcome=\"held\"} 9.0", "kvpurge_run_attempts{mode=\"purge\"} 1.0",
				"kvpurge_run_calls_retried{mode=\"purge\"} 0.0", "kvpurge_run_pauses{mode=\"purge\"} 0.0",
				"kvpurge_run_exit_status{mode=\"purge\"} 0.0",
				"kvpurge_run_state{mode=\"purge\",state=\"completed\"} 1.0",
				"kvpurge_run_state{mode=\"purge\",state=\"failed\"} 0.0");
		assertThat(Files.readString(this.metrics.resolve("kvpurge-assets-purge.prom"))).contains(
				"kvpurge_run_completed_timestamp_seconds{", "kvpurge_run_end_timestamp_seconds{",
				"kvpurge_run_duration_seconds{", "kvpurge_run_calls{", "step=\"range\"", "# HELP kvpurge_run_keys ");
		assertThat(lines("kvpurge-assets-plan.prom"))
			.contains("kvpurge_run_keys{mode=\"plan\",outcome=\"matched\"} 81.0")
			.noneMatch((line) -> line.contains("deleted"));
	}

	@Test
	void whatEndedBadlyIsSeenAndTheLastSuccessStays() throws Exception {
		Path settings = this.table.write("settings.yaml", "metrics:\n  textfile-directory: " + this.metrics + "\n");
		Path blocked = this.table.definition("max-fraction: 1", "max-fraction: 1, max-deletes: 10");
		this.commands.run("run", blocked, "--config", settings).exits(4);
		assertThat(lines("kvpurge-assets-purge.prom"))
			.contains("kvpurge_run_state{mode=\"purge\",state=\"blocked\"} 1.0",
					"kvpurge_run_exit_status{mode=\"purge\"} 4.0")
			.noneMatch((line) -> line.startsWith("kvpurge_run_completed"));
		this.commands.run("run", this.table.definition(), "--config", settings).exits(0);
		List<String> completed = completed();
		assertThat(completed).hasSize(1);
		// Not even a run.
		this.commands.run("run", this.table.definition("table: assets", "table: nothing"), "--config", settings)
			.exits(2);
		assertThat(completed()).isEqualTo(completed);
	}

	private List<String> completed() throws Exception {
		return lines("kvpurge-assets-purge.prom").stream()
			.filter((line) -> line.startsWith("kvpurge_run_completed"))
			.toList();
	}

	@Test
	void theNumbersArePushedByOtlp() throws Exception {
		try (HttpReceiver receiver = new HttpReceiver()) {
			this.commands.set("KVPURGE_METRICS_OTLP_URL", receiver.url("/v1/metrics").toString());
			this.commands.run("run", this.table.definition()).exits(0);
			assertThat(receiver.received()).hasSize(1);
			assertThat(receiver.received().get(0).path()).isEqualTo("/v1/metrics");
			assertThat(receiver.received().get(0).header("Content-Type")).isEqualTo("application/x-protobuf");
			ExportMetricsServiceRequest request = ExportMetricsServiceRequest
				.parseFrom(receiver.received().get(0).body());
			assertThat(request.getResourceMetrics(0).getResource().toString()).contains("service.name", "kvpurge");
			List<Metric> sent = request.getResourceMetrics(0).getScopeMetrics(0).getMetricsList();
			assertThat(sent).extracting(Metric::getName)
				.contains("kvpurge.run.keys", "kvpurge.run.calls", "kvpurge.run.step.seconds");
			assertThat(sent.stream()
				.filter((metric) -> metric.getName().equals("kvpurge.run.keys"))
				.flatMap((metric) -> metric.getGauge().getDataPointsList().stream())
				.filter((point) -> point.toString().contains("\"deleted\""))
				.map((point) -> point.getAsDouble())).containsExactly(81.0);
		}
	}

	@Test
	void whoDoesNotTakeTheNumbersFailsNoRun() throws Exception {
		Files.createDirectories(this.metrics.resolve("kvpurge-assets-purge.prom").resolve("in the way"));
		try (HttpReceiver receiver = new HttpReceiver().answering(503)) {
			this.commands.set("KVPURGE_METRICS_TEXTFILE_DIRECTORY", this.metrics.toString())
				.set("KVPURGE_METRICS_OTLP_URL", receiver.url("/v1/metrics?key=hidden").toString());
			Result result = this.commands.run("run", this.table.definition(), "--json").exits(0);
			assertThat(result.problems()).isEmpty();
			assertThat(result.err()).contains("the metrics could not be written to " + this.metrics,
					"the metrics could not be pushed by OTLP: the receiver answered 503");
			assertThat(result.err()).doesNotContain("hidden");
			assertThat(names()).containsExactly("kvpurge-assets-purge.prom");
		}
		this.commands.set("KVPURGE_METRICS_OTLP_URL", "http://127.0.0.1:1/v1/metrics?key=hidden");
		Result result = this.commands.run("run", this.table.definition()).exits(0);
		assertThat(result.err()).contains("pushed by OTLP: the receiver cannot be reached: ConnectException")
			.doesNotContain("hidden");
	}

	@Test
	void aFolderThatIsNoneIsRefusedBeforeAnythingIsTouched() {
		Path none = this.folder.resolve("none");
		this.commands.set("KVPURGE_METRICS_TEXTFILE_DIRECTORY", none.toString());
		Result result = this.commands.run("run", this.table.definition()).exits(2);
		assertThat(result.problems()).singleElement()
			.asString()
			.startsWith("metrics.textfile-directory: " + none + " is no folder that ")
			.endsWith(" can write to: make it, or name another one");
		assertThat(this.table.keys()).hasSize(110);
		assertThat(this.commands.home()).doesNotExist();
		assertThat(this.commands.run("doctor", this.table.definition()).exits(2).out()).contains("BAD",
				"metrics.textfile-directory");
	}

}
