package io.kvpurge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Gathers what was measured, shows medians and spread, and keeps every run in
 * {@code target/bench/SCENARIO.csv}.
 */
final class Samples {

	private final Path file;

	private final List<Sample> all = new ArrayList<>();

	Samples(String scenario) throws IOException {
		this.file = Files.createDirectories(Path.of("target", "bench")).resolve(scenario + ".csv");
		if (!Files.exists(this.file)) {
			Files.writeString(this.file, Sample.HEADER + "\n");
		}
	}

	void add(Sample sample) throws IOException {
		this.all.add(sample);
		Files.writeString(this.file, sample.csv() + "\n", StandardOpenOption.APPEND);
		System.out.println("  " + sample.csv());
	}

	/**
	 * One line for each way; keys/s are those that were looked through.
	 * @param bare the way that is the measure of the others
	 */
	void show(long keys, int percent, String bare) {
		Map<String, List<Sample>> ways = this.all.stream()
			.filter((sample) -> sample.keys() == keys && sample.percent() == percent)
			.collect(Collectors.groupingBy(Sample::way, LinkedHashMap::new, Collectors.toList()));
		System.out.printf(Locale.ROOT, "%n%,d keys, %d %% match%n", keys, percent);
		System.out.printf(Locale.ROOT, "%-30s | %8s %17s | %8s | %10s %7s | %7s %7s | %5s %5s | %10s %8s%n", "way",
				"wall s", "(min to max)", "work s", "keys/s", "/ bare", "cpu s", "server", "RSS", "heap", "calls",
				"MB");
		double floor = keysPerSecond(keys, ways.getOrDefault(bare, List.of()));
		ways.forEach((way, samples) -> show(keys, way, samples, floor));
		System.out.println();
	}

	private static void show(long keys, String way, List<Sample> samples, double floor) {
		double[] seconds = samples.stream().mapToDouble(Sample::seconds).sorted().toArray();
		double rate = keysPerSecond(keys, samples);
		System.out.printf(Locale.ROOT,
				"%-30s | %8.2f %17s | %8.2f | %,10.0f %7.2f | %7.2f %7.2f | %5.0f %5.0f | %,10.0f %8.1f%n", way,
				median(samples, Sample::seconds),
				String.format(Locale.ROOT, "(%.2f to %.2f)", seconds[0], seconds[seconds.length - 1]),
				median(samples, Sample::work), rate, rate / floor, median(samples, Sample::cpu),
				median(samples, Sample::serverCpu), median(samples, Sample::resident) / (1 << 20),
				median(samples, Sample::heap) / (1 << 20), median(samples, Sample::calls),
				median(samples, Sample::bytes) / 1e6);
	}

	private static double keysPerSecond(long keys, List<Sample> samples) {
		return samples.isEmpty() ? Double.NaN : keys / median(samples, Sample::seconds);
	}

	static double median(List<Sample> samples, ToDoubleFunction<Sample> of) {
		double[] sorted = samples.stream().mapToDouble(of).sorted().toArray();
		return sorted[sorted.length / 2];
	}

}
