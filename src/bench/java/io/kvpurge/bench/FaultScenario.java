package io.kvpurge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.util.FileSystemUtils;

/**
 * What each way does when something goes wrong: how it ends, what it says, what is really
 * gone, and what the second launch makes of it. Arguments: redis, postgresql or
 * cloudflare; number of keys; regular expressions for the troubles and the ways, if not
 * all are wanted.
 */
public final class FaultScenario {

	private static final Pattern DELETED = Pattern.compile("(?:\"deleted\":|deleted |replies: )([0-9]+)");

	private final TroubledStore store;

	private final Path folder;

	private FaultScenario(TroubledStore store, Path folder) {
		this.store = store;
		this.folder = folder;
	}

	public static void main(String[] args) throws Exception {
		int keys = (args.length > 1) ? Integer.parseInt(args[1]) : 200_000;
		Predicate<String> troubles = Pattern.compile((args.length > 2) ? args[2] : ".*").asPredicate();
		Predicate<String> ways = Pattern.compile((args.length > 3) ? args[3] : ".*").asPredicate();
		Path folder = Files.createTempDirectory("kvpurge-bench");
		try (TroubledStore store = TroubledStore.of(args[0], keys, folder)) {
			System.out.printf("%s; %s, %,d keys, all of them match%n", Machine.line(), args[0], keys);
			for (String trouble : store.troubles().stream().filter(troubles).toList()) {
				System.out.printf("%n%s%n", trouble);
				System.out.printf("  %-26s | %7s %9s %15s %9s | %7s %9s %9s | %s%n", "way", "seconds", "exit", "says",
						"is gone", "seconds", "2nd exit", "left", "last words of the first launch");
				for (String way : store.ways().stream().filter(ways).toList()) {
					new FaultScenario(store, folder).show(trouble, way, keys);
				}
			}
		}
		finally {
			FileSystemUtils.deleteRecursively(folder);
		}
	}

	private void show(String trouble, String way, int keys) throws Exception {
		this.store.fill(trouble);
		String line = way.startsWith("kvpurge") ? new KvpurgeWay(this.folder).line(this.store.line(way))
				: this.store.line(way);
		MeasuredCommand command = new MeasuredCommand(this.folder, this.store.environment());
		long begun = System.nanoTime();
		Process process = command.start(line);
		if (trouble.contains("at half") && waitForHalf(process, keys)) {
			if (trouble.equals(TroubledStore.KILLED)) {
				kill(process);
			}
			else {
				this.store.cutConnections();
			}
		}
		if (!process.waitFor(240, TimeUnit.SECONDS)) {
			kill(process);
		}
		double seconds = (System.nanoTime() - begun) / 1e9;
		String said = Files.readString(this.folder.resolve("out.txt"));
		String words = lastWords(said + "\n" + Files.readString(this.folder.resolve("err.txt")));
		long gone = keys - this.store.left();
		MeasuredCommand.Finished second = command.run(line);
		System.out.printf("  %-26s | %7.1f %9d %15s %,9d | %7.1f %9d %,9d | %s%n", way, seconds, process.exitValue(),
				says(said), gone, second.seconds(), second.status(), this.store.left(), words);
	}

	/** Whether half of the keys were gone before the process was. */
	private boolean waitForHalf(Process process, int keys) throws InterruptedException {
		while (process.isAlive()) {
			if (this.store.left() <= keys / 2) {
				return true;
			}
			Thread.sleep(2);
		}
		return false;
	}

	private static void kill(Process process) {
		List<ProcessHandle> all = process.descendants().toList();
		process.destroyForcibly();
		all.forEach(ProcessHandle::destroyForcibly);
		process.onExit().join();
	}

	/** How many keys it says that it has deleted. */
	private static String says(String output) {
		Matcher deleted = DELETED.matcher(output);
		String last = "nothing";
		while (deleted.find()) {
			last = deleted.group(1);
		}
		// What redis-cli prints for each UNLINK.
		long sum = output.lines().filter((line) -> line.matches("[0-9]+")).mapToLong(Long::parseLong).sum();
		return (last.equals("nothing") && sum > 0) ? sum + " (sum)" : last;
	}

	private static String lastWords(String output) {
		List<String> lines = output.lines()
			.map(String::strip)
			.filter((line) -> !line.isEmpty() && !line.startsWith("times ") && !line.startsWith("at ")
					&& !line.contains(" report in "))
			.toList();
		String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
		return (last.length() > 140) ? last.substring(0, 140) + "..." : last;
	}

}
