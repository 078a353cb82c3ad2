package io.kvpurge.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.kvpurge.testkit.ChildJvm;

/**
 * One purge of a simulated namespace by kvpurge in a process of its own with a heap of
 * 256 MB.
 */
final class CloudflarePurge {

	private static final JsonMapper JSON = JsonMapper.shared();

	/** How many of a thousand keys match. */
	private final int perMille;

	/** One, or sixteen by the first digit. */
	private final int ranges;

	private final String limits;

	CloudflarePurge(int perMille, int ranges) {
		this(perMille, ranges, "max-fraction: 1");
	}

	/**
	 * @param limits those that the definition sets
	 */
	CloudflarePurge(int perMille, int ranges, String limits) {
		this.perMille = perMille;
		this.ranges = ranges;
		this.limits = limits;
	}

	int partitions() {
		return Math.min(8, this.ranges);
	}

	/** The fewest calls that list N keys and delete M of them. */
	static long floor(long listed, long matched) {
		return (listed + 999) / 1000 + (matched + 9_999) / 10_000;
	}

	Measured run(SimulatedNamespace namespace) throws IOException, InterruptedException {
		Path folder = Files.createTempDirectory("kvpurge-bench");
		try {
			Path definition = Files.writeString(folder.resolve("bench.yaml"), definition());
			Path out = folder.resolve("out.txt");
			Path collections = folder.resolve("gc.log");
			// As an installed kvpurge starts, with the collector that it takes.
			List<String> command = ChildJvm.kvpurge(
					List.of("-Xmx256m", "-XX:+UseSerialGC", "-Xlog:gc:file=" + collections), "run", "--json", "--home",
					folder.resolve("home").toString(), definition.toString());
			ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile())
				.redirectError(folder.resolve("err.txt").toFile());
			builder.environment().putAll(namespace.environment());
			Process process = builder.start();
			Duration cpu = cpuUntilItsEnd(process);
			if (process.exitValue() != 0) {
				throw new IllegalStateException(Files.readString(out) + Files.readString(folder.resolve("err.txt")));
			}
			try (Home home = Home.inFolder(folder.resolve("home"), Clock.systemUTC())) {
				return new Measured(JSON.readTree(Files.readString(out)), namespace.asked(),
						PipelineBenchmark.stepSeconds(home), cpu, Files.readAllLines(collections));
			}
		}
		finally {
			FileSystemUtils.deleteRecursively(folder);
		}
	}

	private String definition() {
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
				%s  where: metadata.n %% 1000 < %d
				partitions: %d
				limits: {%s}
				""".formatted((this.ranges > 1) ? "  split-by: \"0123456789abcdef\"\n" : "", this.perMille,
				partitions(), this.limits);
	}

	/**
	 * Looked at until there is nothing more to see: what the last moments cost is missed.
	 */
	private static Duration cpuUntilItsEnd(Process process) throws InterruptedException {
		Duration cpu = Duration.ZERO;
		do {
			cpu = process.info().totalCpuDuration().orElse(cpu);
		}
		while (!process.waitFor(50, TimeUnit.MILLISECONDS));
		return cpu;
	}

	/**
	 * What a purge was seen to do.
	 *
	 * @param report its own report
	 * @param asked what the service counted
	 * @param stepSeconds how long the step took that lists and deletes
	 * @param cpu of the whole process
	 * @param collections the log of its garbage collector
	 */
	record Measured(JsonNode report, SimulatedNamespace.Asked asked, double stepSeconds, Duration cpu,
			List<String> collections) {

		long listed() {
			return this.report.get("listed").asLong();
		}

		long matched() {
			return this.report.get("matched").asLong();
		}

		long calls(String kind) {
			return this.report.get("calls").get(kind).asLong();
		}

		long calls() {
			return calls("list") + calls("delete") + calls("other");
		}

		/** But for the one that looked for the namespace, which belongs to no range. */
		boolean isCountedAlike() {
			return calls("list") == this.asked.list() && calls("delete") == this.asked.delete()
					&& calls("other") == this.asked.other() - 1;
		}

	}

}
