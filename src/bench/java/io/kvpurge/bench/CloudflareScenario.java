package io.kvpurge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

import org.springframework.util.FileSystemUtils;

import io.kvpurge.job.SimulatedNamespace;

/**
 * Deletes keys of a simulated namespace of Workers KV: kvpurge, the script that everybody
 * writes, and a bare loop. Arguments: number of keys, percent that match, rounds,
 * milliseconds that each call takes, and a regular expression for the ways if not all are
 * wanted.
 */
public final class CloudflareScenario {

	static final String BARE = "bare loop";

	static final String SCRIPT = "curl and jq";

	private final int keys;

	private final int percent;

	private final int latency;

	private final Path folder;

	private CloudflareScenario(int keys, int percent, int latency, Path folder) {
		this.keys = keys;
		this.percent = percent;
		this.latency = latency;
		this.folder = folder;
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		int keys = (args.length > 0) ? Integer.parseInt(args[0]) : 200_000;
		int percent = (args.length > 1) ? Integer.parseInt(args[1]) : 10;
		int rounds = (args.length > 2) ? Integer.parseInt(args[2]) : 3;
		int latency = (args.length > 3) ? Integer.parseInt(args[3]) : 50;
		Pattern wanted = Pattern.compile((args.length > 4) ? args[4] : ".*");
		Path folder = Files.createTempDirectory("kvpurge-bench");
		try {
			System.out.printf("%s; each call takes %d ms%n", Machine.line(), latency);
			new CloudflareScenario(keys, percent, latency, folder).measure(rounds, wanted);
		}
		finally {
			FileSystemUtils.deleteRecursively(folder);
		}
	}

	private void measure(int rounds, Pattern wanted) throws IOException, InterruptedException {
		Samples samples = new Samples("cloudflare");
		Map<String, String> ways = ways(this.percent, this.folder);
		for (int round = 0; round < rounds; round++) {
			for (Map.Entry<String, String> way : ways.entrySet()) {
				if (wanted.matcher(way.getKey()).find()) {
					samples.add(measure(way.getKey(), way.getValue()));
				}
			}
		}
		System.out.printf("fewest calls: %,d%n",
				(this.keys + 999) / 1000 + ((long) this.keys * this.percent / 100 + 9_999) / 10_000);
		samples.show(this.keys, this.percent, BARE);
	}

	/** The lines of shell, and for kvpurge the definitions, by their names. */
	static Map<String, String> ways(int percent, Path folder) throws IOException, InterruptedException {
		Map<String, String> ways = new LinkedHashMap<>();
		Path definition = Files.writeString(folder.resolve("bare.yaml"), definition(percent, 1, false));
		ways.put(BARE, MeasuredCommand
			.line(MeasuredCommand.java(KvpurgeWay.HEAP, BareLoop.class.getName(), definition.toString(), "1")));
		ways.put("kvpurge", definition(percent, 1, false));
		ways.put("kvpurge 16 ranges", definition(percent, 1, true));
		if (percent <= 50) {
			ways.put("kvpurge guarded", definition(percent, 0.5, false));
		}
		if (Machine.has("jq") && Machine.has("curl")) {
			ways.put(SCRIPT,
					"rm -f batch.* deleted.json; " + Path.of("src/bench/scripts/list-filter-delete.sh").toAbsolutePath()
							+ " $BENCH_URL/accounts/$BENCH_ACCOUNT/storage/kv/namespaces/$BENCH_NAMESPACE $BENCH_TOKEN"
							+ " '.metadata.n % 100 < " + percent + "'");
		}
		return ways;
	}

	private static String definition(int percent, double fraction, boolean split) {
		return """
				version: 1
				name: bench
				store:
				  type: cloudflare
				  base-url: ${BENCH_URL}
				  account-id: ${BENCH_ACCOUNT}
				  api-token: ${BENCH_TOKEN}
				  namespace-id: ${BENCH_NAMESPACE}
				select:
				  prefixes: [""]
				%s  where: metadata.n %% 100 < %d
				partitions: %d
				limits: {max-fraction: %s}
				""".formatted(split ? "  split-by: \"0123456789abcdef\"\n" : "", percent, split ? 8 : 1, fraction);
	}

	private Sample measure(String way, String line) throws IOException, InterruptedException {
		SimulatedNamespace.Shape shape = new SimulatedNamespace.Shape(this.latency, this.latency, 0,
				Duration.ofSeconds(30));
		try (SimulatedNamespace namespace = SimulatedNamespace.start(this.keys, shape)) {
			ProcessTree server = new ProcessTree(namespace.process());
			String command = way.startsWith("kvpurge") ? new KvpurgeWay(this.folder).line(line) : line;
			double before = server.cpuSeconds();
			MeasuredCommand.Finished finished = new MeasuredCommand(this.folder, namespace.environment()).run(command)
				.expecting(0);
			double spent = server.cpuSeconds() - before;
			int stay = this.keys - (int) ((long) this.keys * this.percent / 100);
			if (namespace.size() != stay) {
				throw new IllegalStateException("%s left %,d keys in place of %,d%n%s%s".formatted(way,
						namespace.size(), stay, finished.out(), finished.err()));
			}
			SimulatedNamespace.Asked asked = namespace.asked();
			return new Sample("cloudflare", this.keys, this.percent, way, finished.seconds(), finished.workSeconds(),
					finished.cpuSeconds(), spent, finished.residentBytes(), finished.heapBytes(),
					asked.list() + asked.delete() + asked.other(), -1);
		}
	}

}
