package io.kvpurge.metrics;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Where the numbers of a run go at its end: a file for node_exporter's textfile
 * collector, an OTLP receiver, both or none. Micrometer is loaded only where there is
 * something to send.
 *
 * @param folder the collector's folder, null for none
 * @param otlp the receiver's address, null for none
 */
public record MetricsExport(@Nullable Path folder, @Nullable URI otlp) {

	/** Whether the numbers go anywhere. */
	public boolean isWanted() {
		return this.folder != null || this.otlp != null;
	}

	/**
	 * Sends the numbers; never throws, and ends within about ten seconds.
	 * @return a line for each place that did not take them
	 */
	public List<String> export(RunMetrics metrics) {
		List<String> problems = new ArrayList<>();
		if (this.folder != null) {
			// One for each mode: a plan does not replace what the last purge did.
			Path file = this.folder.resolve("kvpurge-" + metrics.definition() + "-" + metrics.mode() + ".prom");
			try {
				PrometheusTextFile.write(metrics, file);
			}
			catch (IOException | RuntimeException ex) {
				problems.add("the metrics could not be written to " + file + ": " + ex);
			}
		}
		if (this.otlp != null) {
			try {
				OtlpPush.send(metrics, this.otlp);
			}
			catch (IOException ex) {
				problems.add("the metrics could not be pushed by OTLP: " + ex.getMessage());
			}
			catch (RuntimeException ex) {
				// Its message may have the address in it, and that a secret.
				problems.add("the metrics could not be pushed by OTLP: " + ex.getClass().getSimpleName());
			}
		}
		return problems;
	}

}
