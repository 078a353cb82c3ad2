package io.kvpurge.job;

import java.io.IOException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.kvpurge.job.CloudflarePurge.Measured;
import io.kvpurge.job.SimulatedNamespace.Shape;

/**
 * Whether a purge keeps the limit of a service that takes so many requests in a window,
 * and how much of it it uses: with the limit in the definition, and by what the service
 * says alone. Arguments: number of keys; ranges; how many of a thousand match; requests;
 * seconds of the window.
 */
public final class CloudflarePaceBenchmark {

	private final int keys;

	private final int ranges;

	private final int perMille;

	private final int requests;

	private final int seconds;

	private CloudflarePaceBenchmark(String... args) {
		this.keys = number(args, 0, 1_000_000);
		this.ranges = number(args, 1, 16);
		this.perMille = number(args, 2, 10);
		this.requests = number(args, 3, 120);
		this.seconds = number(args, 4, 30);
	}

	private static int number(String[] args, int place, int otherwise) {
		return (args.length > place) ? Integer.parseInt(args[place]) : otherwise;
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		CloudflarePaceBenchmark benchmark = new CloudflarePaceBenchmark(args);
		System.out.printf(
				"java %s, %,d keys, %.1f %% of them match, %d ranges, %d requests in %d s; no 429, at most 1.05 x what that allows%n",
				System.getProperty("java.version"), benchmark.keys, benchmark.perMille / 10.0, benchmark.ranges,
				benchmark.requests, benchmark.seconds);
		System.out.printf("%14s | %5s %6s %6s %7s | %8s %8s %6s | %4s | %s%n", "in definition", "list", "delete",
				"floor", "ratio", "allowed", "step", "ratio", "429", "verdict");
		benchmark.measure(null);
		benchmark.measure("%d per %ds".formatted(benchmark.requests, benchmark.seconds));
	}

	private void measure(@Nullable String limit) throws IOException, InterruptedException {
		Shape shape = new Shape(0, 0, this.requests, Duration.ofSeconds(this.seconds));
		try (SimulatedNamespace namespace = SimulatedNamespace.start(this.keys, shape)) {
			Measured measured = new CloudflarePurge(this.perMille, this.ranges,
					"max-fraction: 1" + ((limit != null) ? ", requests: " + limit : ""))
				.run(namespace);
			long floor = CloudflarePurge.floor(measured.listed(), measured.matched());
			double allowed = (double) measured.calls() / this.requests * this.seconds;
			double ratio = measured.stepSeconds() / allowed;
			int throttled = measured.asked().throttled();
			System.out.printf("%14s | %5d %6d %6d %7.3f | %7.1fs %7.1fs %6.3f | %4d | %s%n",
					(limit != null) ? limit : "nothing", measured.calls("list"), measured.calls("delete"), floor,
					(double) measured.calls() / floor, allowed, measured.stepSeconds(), ratio, throttled,
					(throttled == 0 && ratio <= 1.05) ? "met" : "MISSED");
		}
	}

}
