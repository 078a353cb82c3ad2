package io.kvpurge.job;

import java.io.IOException;
import java.time.Duration;

import io.kvpurge.job.CloudflarePurge.Measured;
import io.kvpurge.job.SimulatedNamespace.Shape;

/**
 * How long the step takes that lists and deletes, where the service takes its time: no
 * longer than either the lists or the deletes that must come one after the other.
 * Argument: number of keys.
 */
public final class CloudflareWallBenchmark {

	private static final int LATENCY = 50;

	/** More at once are not allowed. */
	private static final int BULK_CALLS_AT_ONCE = 2;

	private final int keys;

	private CloudflareWallBenchmark(int keys) {
		this.keys = keys;
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		int keys = (args.length > 0) ? Integer.parseInt(args[0]) : 1_000_000;
		System.out.printf("java %s, %,d keys; at most 1.15 x the longer of lists and deletes in a row%n",
				System.getProperty("java.version"), keys);
		System.out.printf("%6s %8s %9s %9s | %7s %7s | %7s | %6s %6s | %s%n", "ranges", "matching", "ms/list",
				"ms/delete", "lists", "deletes", "step", "to max", "to sum", "verdict");
		CloudflareWallBenchmark benchmark = new CloudflareWallBenchmark(keys);
		for (int ranges : new int[] { 1, 16 }) {
			for (int perMille : new int[] { 10, 500, 1000 }) {
				benchmark.measure(perMille, ranges, LATENCY, LATENCY);
			}
		}
		benchmark.measure(1000, 16, 5 * LATENCY, 5 * LATENCY);
		new CloudflareWallBenchmark(Math.min(keys, 200_000)).measure(1000, 1, LATENCY, 2000);
		// Ten lists take as long as the delete of what they show.
		new CloudflareWallBenchmark(Math.min(keys, 200_000)).measure(1000, 1, 200, 2000);
		new CloudflareWallBenchmark(Math.min(keys, 400_000)).measure(1000, 16, LATENCY, 2000);
	}

	private void measure(int perMille, int ranges, int listMillis, int deleteMillis)
			throws IOException, InterruptedException {
		Shape shape = new Shape(listMillis, deleteMillis, 0, Duration.ofSeconds(30));
		CloudflarePurge purge = new CloudflarePurge(perMille, ranges);
		try (SimulatedNamespace namespace = SimulatedNamespace.start(this.keys, shape)) {
			Measured measured = purge.run(namespace);
			double lists = inTurn(measured.calls("list"), purge.partitions()) * listMillis / 1000.0;
			double deletes = inTurn(measured.calls("delete"), Math.min(BULK_CALLS_AT_ONCE, purge.partitions()))
					* deleteMillis / 1000.0;
			double toMax = measured.stepSeconds() / Math.max(lists, deletes);
			System.out.printf("%6d %7.1f%% %9d %9d | %6.2fs %6.2fs | %6.2fs | %6.2f %6.2f | %s%n", ranges,
					perMille / 10.0, listMillis, deleteMillis, lists, deletes, measured.stepSeconds(), toMax,
					measured.stepSeconds() / (lists + deletes), (toMax <= 1.15) ? "met" : "MISSED");
		}
	}

	/** How many come one after the other, of calls that so many make at once. */
	private static long inTurn(long calls, int atOnce) {
		return (calls + atOnce - 1) / atOnce;
	}

}
