package io.kvpurge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.kvpurge.testkit.ChildJvm;

/**
 * A line of shell, launched and measured: time, processor time of all processes in it,
 * and the most memory that they had at once, looked at every 20 ms.
 */
final class MeasuredCommand {

	private static final Pattern TIMES = Pattern.compile("times ([0-9.]+) ([0-9.]+) ([0-9.]+)");

	private static final Pattern COLLECTION = Pattern.compile("(\\d+)M->(\\d+)M\\(");

	/** As kvpurge's result says it, and as the loops of this package do. */
	private static final Pattern WORK = Pattern.compile("(?:\"seconds\":|work )([0-9.]+)");

	private static final long LONGEST_SECONDS = 900;

	private final Path folder;

	private final Map<String, String> environment;

	/**
	 * @param folder where output goes, and where the line is run
	 * @param environment what is added to this process's own
	 */
	MeasuredCommand(Path folder, Map<String, String> environment) {
		this.folder = folder;
		this.environment = Map.copyOf(environment);
	}

	/**
	 * A JVM of its own with this class path, a heap, and a log of its garbage collector;
	 * it starts as an installed kvpurge does.
	 */
	static List<String> java(String heap, String mainClass, String... arguments) {
		List<String> command = ChildJvm.command(List.of("-Xmx" + heap, "-Xlog:gc:file=gc.log"));
		command.add(mainClass);
		command.addAll(List.of(arguments));
		return command;
	}

	/** A line that launches a program with these words. */
	static String line(List<String> words) {
		return String.join(" ", words.stream().map((word) -> "'" + word.replace("'", "'\\''") + "'").toList());
	}

	/** Launches a line and waits for its end. */
	Finished run(String line) throws IOException, InterruptedException {
		Files.deleteIfExists(this.folder.resolve("gc.log"));
		Process process = start(line);
		ProcessTree tree = new ProcessTree(process.toHandle());
		long resident = 0;
		long end = System.nanoTime() + Duration.ofSeconds(LONGEST_SECONDS).toNanos();
		while (!process.waitFor(20, TimeUnit.MILLISECONDS)) {
			resident = Math.max(resident, tree.residentBytes());
			if (System.nanoTime() > end) {
				process.descendants().forEach(ProcessHandle::destroyForcibly);
				process.destroyForcibly();
				throw new IOException("does not end: " + line);
			}
		}
		String err = Files.readString(this.folder.resolve("err.txt"));
		Matcher times = TIMES.matcher(err);
		double seconds = Double.NaN;
		double cpu = Double.NaN;
		while (times.find()) {
			seconds = Double.parseDouble(times.group(1));
			cpu = Double.parseDouble(times.group(2)) + Double.parseDouble(times.group(3));
		}
		return new Finished(process.exitValue(), seconds, cpu, resident, heap(),
				Files.readString(this.folder.resolve("out.txt")), err);
	}

	/** Launches a line; what it wrote is found in the folder's out.txt and err.txt. */
	Process start(String line) throws IOException {
		ProcessBuilder builder = new ProcessBuilder("bash", "-o", "pipefail", "-c",
				"TIMEFORMAT='times %R %U %S'; time { " + line + "\n}")
			.directory(this.folder.toFile())
			.redirectOutput(this.folder.resolve("out.txt").toFile())
			.redirectError(this.folder.resolve("err.txt").toFile());
		builder.environment().putAll(this.environment);
		return builder.start();
	}

	/** The most that a garbage collection has left in use. */
	private long heap() throws IOException {
		Path log = this.folder.resolve("gc.log");
		long most = 0;
		if (Files.exists(log)) {
			for (String line : Files.readAllLines(log)) {
				Matcher collection = COLLECTION.matcher(line);
				while (collection.find()) {
					most = Math.max(most, Long.parseLong(collection.group(2)) << 20);
				}
			}
		}
		return most;
	}

	/**
	 * What a line was seen to do.
	 *
	 * @param residentBytes the most at once of all its processes together
	 * @param heapBytes the most that a garbage collection left in use, 0 where there is
	 * none
	 */
	record Finished(int status, double seconds, double cpuSeconds, long residentBytes, long heapBytes, String out,
			String err) {

		/**
		 * The seconds that it says it has worked, its start left out; NaN if it does not.
		 */
		double workSeconds() {
			Matcher work = WORK.matcher(this.out);
			return work.find() ? Double.parseDouble(work.group(1)) : Double.NaN;
		}

		/** This, if it ended well. */
		Finished expecting(int wanted) {
			if (this.status != wanted) {
				throw new IllegalStateException("ended with " + this.status + "\n" + this.out + this.err);
			}
			return this;
		}

	}

}
