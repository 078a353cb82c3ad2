package io.kvpurge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Draws what the scenarios have left in {@code target/bench}. Arguments: folder of the
 * CSV files, folder of the pictures.
 */
public final class Charts {

	private Charts() {
	}

	public static void main(String[] args) throws IOException {
		Path from = Path.of((args.length > 0) ? args[0] : "target/bench");
		Path to = Files.createDirectories(Path.of((args.length > 1) ? args[1] : "docs/images"));
		Map<String, List<Sample>> memory = new LinkedHashMap<>();
		for (String scenario : List.of("redis", "h2", "postgresql", "cloudflare")) {
			Path file = from.resolve(scenario + ".csv");
			if (Files.exists(file)) {
				List<Sample> samples = Files.readAllLines(file)
					.stream()
					.filter((line) -> !line.equals(Sample.HEADER))
					.map(Sample::parse)
					.toList();
				Files.writeString(to.resolve("bench-" + scenario + ".svg"), speed(scenario, samples));
				memory.put(scenario, samples);
			}
		}
		Files.writeString(to.resolve("bench-memory.svg"), memory(memory));
	}

	private static String speed(String scenario, List<Sample> samples) {
		BarChart chart = new BarChart("%s: keys looked through per second".formatted(title(scenario)),
				"whole processes, start included; median, line from slowest to fastest; more is better");
		grouped(samples).forEach((label, group) -> {
			List<BarChart.Bar> bars = new ArrayList<>();
			byWay(group).forEach((way, runs) -> {
				double[] rates = runs.stream().mapToDouble((run) -> run.keys() / run.seconds()).sorted().toArray();
				double median = rates[rates.length / 2];
				bars.add(new BarChart.Bar(way, median, rates[0], rates[rates.length - 1],
						String.format(Locale.ROOT, "%,.0f/s  (%.1f s)", median, runs.get(0).keys() / median),
						way.startsWith("kvpurge")));
			});
			if (bars.size() > 1) {
				chart.add(new BarChart.Group(label, bars));
			}
		});
		return chart.svg();
	}

	private static String memory(Map<String, List<Sample>> scenarios) {
		BarChart chart = new BarChart("kvpurge: memory against the number of keys",
				"the most that a garbage collection left in use, of -Xmx256m; behind it the whole process");
		scenarios.forEach((scenario, samples) -> {
			List<BarChart.Bar> bars = new ArrayList<>();
			samples.stream()
				.filter((sample) -> sample.way().equals("kvpurge"))
				.collect(Collectors.groupingBy(Sample::keys, java.util.TreeMap::new, Collectors.toList()))
				.forEach((keys, runs) -> {
					double most = runs.stream().mapToLong(Sample::heap).max().orElse(0) >> 20;
					double resident = runs.stream().mapToLong(Sample::resident).max().orElse(0) >> 20;
					bars.add(new BarChart.Bar(String.format(Locale.ROOT, "%,d keys", keys), most, most, most,
							String.format(Locale.ROOT, "%.0f MB  (%.0f MB)", most, resident), true));
				});
			chart.add(new BarChart.Group(title(scenario), bars));
		});
		return chart.svg();
	}

	private static Map<String, List<Sample>> grouped(List<Sample> samples) {
		return samples.stream()
			.collect(Collectors.groupingBy(
					(sample) -> String.format(Locale.ROOT, "%,d keys, %d %% match", sample.keys(), sample.percent()),
					LinkedHashMap::new, Collectors.toList()));
	}

	private static Map<String, List<Sample>> byWay(List<Sample> samples) {
		return samples.stream().collect(Collectors.groupingBy(Sample::way, LinkedHashMap::new, Collectors.toList()));
	}

	private static String title(String scenario) {
		return switch (scenario) {
			case "redis" -> "Redis";
			case "h2" -> "H2";
			case "postgresql" -> "PostgreSQL";
			default -> "Cloudflare Workers KV, simulated";
		};
	}

}
