package io.kvpurge.job;

import java.io.IOException;

import io.kvpurge.job.CloudflarePurge.Measured;

/**
 * How many calls a purge of a simulated namespace makes, against the fewest that could
 * do: one for each 1,000 keys listed, one for each 10,000 deleted. Arguments: number of
 * keys, {@code limits.max-fraction}: below 1 all is found before anything is deleted, and
 * what is above it is left out.
 */
public final class CloudflareCallsBenchmark {

	private CloudflareCallsBenchmark() {
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		int keys = (args.length > 0) ? Integer.parseInt(args[0]) : 1_000_000;
		double fraction = (args.length > 1) ? Double.parseDouble(args[1]) : 1;
		System.out.printf("java %s, %,d keys; max-fraction %s; at most 1.02 x the floor + 2 for each range%n",
				System.getProperty("java.version"), keys, fraction);
		System.out.printf("%6s %8s | %6s | %6s %6s %5s %5s | %6s | %s%n", "ranges", "matching", "floor", "list",
				"delete", "other", "calls", "ratio", "verdict");
		for (int ranges : new int[] { 1, 16 }) {
			for (int perMille : new int[] { 0, 10, 100, 500, 1000 }) {
				if (perMille > 1000 * fraction) {
					continue;
				}
				try (SimulatedNamespace namespace = SimulatedNamespace.start(keys, SimulatedNamespace.FAST)) {
					show(perMille, ranges,
							new CloudflarePurge(perMille, ranges, "max-fraction: " + fraction).run(namespace));
				}
			}
		}
	}

	private static void show(int perMille, int ranges, Measured measured) {
		long floor = CloudflarePurge.floor(measured.listed(), measured.matched());
		boolean few = measured.calls() <= 1.02 * floor + 2 * ranges;
		System.out.printf("%6d %7.1f%% | %6d | %6d %6d %5d %5d | %6.3f | %s%s%n", ranges, perMille / 10.0, floor,
				measured.calls("list"), measured.calls("delete"), measured.calls("other"), measured.calls(),
				(double) measured.calls() / floor, few ? "met" : "MISSED",
				measured.isCountedAlike() ? "" : ", but the service counted " + measured.asked());
	}

}
