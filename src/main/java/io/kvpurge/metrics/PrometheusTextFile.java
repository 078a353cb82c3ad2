package io.kvpurge.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** A file as node_exporter's textfile collector reads it. */
final class PrometheusTextFile {

	private PrometheusTextFile() {
	}

	/** The collector reads the old file or the new one, never half of it. */
	static void write(RunMetrics metrics, Path file) throws IOException {
		PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		// The collector looks at *.prom only.
		Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
		try {
			metrics.registerIn(registry);
			Files.writeString(temporary, registry.scrape());
			if (Files.getFileStore(temporary).supportsFileAttributeView(PosixFileAttributeView.class)) {
				// The collector is another user, and a service's umask may hide the file.
				Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
			}
			Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		}
		finally {
			Files.deleteIfExists(temporary);
			registry.close();
		}
	}

}
