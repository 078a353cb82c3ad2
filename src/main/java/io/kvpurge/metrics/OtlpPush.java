package io.kvpurge.metrics;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.ipc.http.HttpSender;
import io.micrometer.core.ipc.http.HttpUrlConnectionSender;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.micrometer.registry.otlp.OtlpMetricsSender;
import org.jspecify.annotations.Nullable;

/** Pushes the numbers to an OTLP receiver, once, by HTTP. */
final class OtlpPush implements OtlpMetricsSender {

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final HttpSender http = new HttpUrlConnectionSender(PATIENCE, PATIENCE);

	private volatile @Nullable String failure;

	private OtlpPush() {
	}

	/**
	 * Sends them once.
	 * @throws IOException if the receiver did not take them; its message has no address
	 */
	static void send(RunMetrics metrics, URI url) throws IOException {
		OtlpPush push = new OtlpPush();
		OtlpMeterRegistry registry = OtlpMeterRegistry.builder(new Config(url))
			.clock(Clock.SYSTEM)
			.metricsSender(push)
			.build();
		metrics.registerIn(registry);
		// It sends what it has when it is closed, and only logs what goes wrong.
		registry.close();
		String failure = push.failure;
		if (failure != null) {
			throw new IOException(failure);
		}
	}

	@Override
	public void send(Request request) {
		try {
			HttpSender.Request.Builder post = this.http.post(String.valueOf(request.getAddress()));
			request.getHeaders().forEach(post::withHeader);
			HttpSender.Response response = post.withContent("application/x-protobuf", request.getMetricsData()).send();
			this.failure = response.isSuccessful() ? null : "the receiver answered " + response.code();
		}
		catch (Throwable ex) {
			this.failure = "the receiver cannot be reached: " + ex.getClass().getSimpleName();
		}
	}

	/**
	 * Headers and attributes come from the variables that the specification names:
	 * {@code OTEL_EXPORTER_OTLP_HEADERS}, {@code OTEL_RESOURCE_ATTRIBUTES}.
	 */
	private record Config(URI address) implements OtlpConfig {

		@Override
		public @Nullable String get(String name) {
			return switch (name) {
				case "otlp.url" -> this.address.toString();
				// Nothing is sent but at the end.
				case "otlp.step" -> "365d";
				default -> null;
			};
		}

		@Override
		public Map<String, String> resourceAttributes() {
			Map<String, String> attributes = new HashMap<>(OtlpConfig.super.resourceAttributes());
			attributes.putIfAbsent("service.name", "kvpurge");
			return attributes;
		}

	}

}
