package io.kvpurge.job;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.util.FileSystemUtils;

import io.kvpurge.testkit.KvpurgeProcess;

/**
 * {@code load} and {@code run} over generated entries in an H2 table, in processes of
 * their own with a small heap. Shows what is left in use behind each garbage collection,
 * tenth by tenth of the run. Arguments: number of keys, heap such as 256m.
 */
public final class HeapBenchmark {

	private static final Pattern COLLECTION = Pattern
		.compile("\\[([0-9.]+)s].* Pause .* ([0-9]+)M->([0-9]+)M\\(([0-9]+)M\\)");

	private HeapBenchmark() {
	}

	public static void main(String[] args) throws IOException {
		int keys = (args.length > 0) ? Integer.parseInt(args[0]) : 1_000_000;
		String heap = (args.length > 1) ? args[1] : "256m";
		Path folder = Files.createTempDirectory("kvpurge-heap");
		try {
			System.out.printf("java %s, %,d keys, -Xmx%s%n", System.getProperty("java.version"), keys, heap);
			Path definition = folder.resolve("heap.yaml");
			Files.writeString(definition, """
					version: 1
					name: heap
					store: {type: jdbc, url: "jdbc:h2:file:%s", table: entries, key: name, metadata: metadata}
					select: {prefixes: ["key/"], where: metadata.n %% 2 == 0}
					partitions: 4
					limits: {max-fraction: 1}
					""".formatted(folder.resolve("store")));
			Path entries = folder.resolve("entries.jsonl");
			generate(entries, keys);
			measure(folder, heap, "load", definition.toString(), entries.toString());
			measure(folder, heap, "run", definition.toString());
		}
		finally {
			FileSystemUtils.deleteRecursively(folder);
		}
	}

	private static void generate(Path file, int keys) throws IOException {
		try (BufferedWriter writer = Files.newBufferedWriter(file)) {
			for (int i = 0; i < keys; i++) {
				writer.write("{\"key\":\"key/%09d\",\"metadata\":{\"n\":%d,\"build\":\"v%d\",\"type\":\"html\"}}%n"
					.formatted(i, i, i % 7));
			}
		}
	}

	private static void measure(Path folder, String heap, String... command) throws IOException {
		Path log = folder.resolve(command[0] + "-gc.log");
		List<String> arguments = new ArrayList<>(List.of(command));
		arguments.addAll(List.of("--home", folder.resolve("home").toString()));
		long start = System.nanoTime();
		try (KvpurgeProcess process = KvpurgeProcess.start(folder, Map.of(),
				List.of("-Xmx" + heap, "-Xlog:gc:file=" + log), arguments.toArray(String[]::new))) {
			int status = process.await();
			System.out.printf("%n%s: exit %d after %.1f s%n%s%n", command[0], status, (System.nanoTime() - start) / 1e9,
					process.out().indent(2).stripTrailing());
		}
		show(Files.readAllLines(log));
	}

	static void show(List<String> lines) {
		List<Integer> left = new ArrayList<>();
		for (String line : lines) {
			Matcher collection = COLLECTION.matcher(line);
			if (collection.find()) {
				left.add(Integer.parseInt(collection.group(3)));
			}
		}
		System.out.printf("  %d collections; least and most MB left in use, tenth by tenth:", left.size());
		for (int tenth = 0; tenth < 10; tenth++) {
			List<Integer> part = left.subList(left.size() * tenth / 10, left.size() * (tenth + 1) / 10);
			if (!part.isEmpty()) {
				System.out.printf(" %d-%d", part.stream().min(Integer::compare).get(),
						part.stream().max(Integer::compare).get());
			}
		}
		System.out.println();
	}

}
