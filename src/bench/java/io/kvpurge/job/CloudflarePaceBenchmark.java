package io.kvpurge.job;

import java.io.IOException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.kvpurge.job.CloudflarePurge.Measured;
import io.kvpurge.job.SimulatedNamespace.Shape;

/**
 * Whether a purge keeps the limit of a service that takes 120 requests in 30 s, and how
 * much of it it uses: with the limit in the definition, and by what the service says
 * alone. Arguments: number of keys; ranges.
 */
public final class CloudflarePaceBenchmark {

	private static final int REQUESTS = 120;

	private static final Duration WINDOW = Duration.ofSeconds(30);

	private CloudflarePaceBenchmark() {
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		int keys = (args.length > 0) ? Integer.parseInt(args[0]) : 1_000_000;
		int ranges = (args.length > 1) ? Integer.parseInt(args[1]) : 16;
		System.out.printf(
				"java %s, %,d keys, 1 %% of them match, %d ranges; no 429, at most 1.05 x what the limit allows%n",
				System.getProperty("java.version"), keys, ranges);
		System.out.printf("%14s | %5s %6s | %8s %8s %6s | %4s | %s%n", "in definition", "list", "delete", "allowed",
				"step", "ratio", "429", "verdict");
		measure(keys, ranges, REQUESTS + " per " + WINDOW.toSeconds() + "s");
		measure(keys, ranges, null);
	}

	private static void measure(int keys, int ranges, @Nullable String requests)
			throws IOException, InterruptedException {
		try (SimulatedNamespace namespace = SimulatedNamespace.start(keys, new Shape(0, 0, REQUESTS, WINDOW))) {
			Measured measured = new CloudflarePurge(10, ranges, requests).run(namespace);
			double allowed = (double) measured.calls() / REQUESTS * WINDOW.toSeconds();
			double ratio = measured.stepSeconds() / allowed;
			int throttled = measured.asked().throttled();
			System.out.printf("%14s | %5d %6d | %7.1fs %7.1fs %6.3f | %4d | %s%n",
					(requests != null) ? requests : "nothing", measured.calls("list"), measured.calls("delete"),
					allowed, measured.stepSeconds(), ratio, throttled,
					(throttled == 0 && ratio <= 1.05) ? "met" : "MISSED");
		}
	}

}
