package io.kvpurge.job;

import java.io.IOException;

import io.kvpurge.job.CloudflarePurge.Measured;

/**
 * What a purge of many keys in a simulated namespace leaves in use of 256 MB behind each
 * garbage collection, and the processor time it takes. Arguments: number of keys; how
 * many of a thousand match.
 */
public final class CloudflareHeapBenchmark {

	private CloudflareHeapBenchmark() {
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		int keys = (args.length > 0) ? Integer.parseInt(args[0]) : 10_000_000;
		int perMille = (args.length > 1) ? Integer.parseInt(args[1]) : 1;
		System.out.printf("java %s, %,d keys, %.1f %% of them match, 16 ranges, -Xmx256m%n",
				System.getProperty("java.version"), keys, perMille / 10.0);
		try (SimulatedNamespace namespace = SimulatedNamespace.start(keys, SimulatedNamespace.FAST)) {
			Measured measured = new CloudflarePurge(perMille, 16).run(namespace);
			System.out.printf("  listed %,d, matched %,d; %,d list, %,d delete, over %d connections%n",
					measured.listed(), measured.matched(), measured.calls("list"), measured.calls("delete"),
					measured.asked().connections());
			System.out.printf("  step %.1f s, %,.0f keys/s; processor time of the process %.1f s, %.2f s per million%n",
					measured.stepSeconds(), measured.listed() / measured.stepSeconds(), measured.cpu().toMillis() / 1e3,
					measured.cpu().toMillis() / 1e3 / (measured.listed() / 1e6));
			HeapBenchmark.show(measured.collections());
		}
	}

}
