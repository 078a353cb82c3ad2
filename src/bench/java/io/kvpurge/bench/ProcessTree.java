package io.kvpurge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A process with all that it has started, as the kernel accounts for it in {@code /proc}.
 */
final class ProcessTree {

	/** The unit of {@code /proc/PID/stat}, which Linux has fixed for programs. */
	private static final double TICKS_A_SECOND = 100;

	private final ProcessHandle root;

	ProcessTree(ProcessHandle root) {
		this.root = root;
	}

	/** Of the running processes, and of those that have ended and were waited for. */
	double cpuSeconds() {
		return all().mapToLong(ProcessTree::ticks).sum() / TICKS_A_SECOND;
	}

	/** What all of them together have in memory now. */
	long residentBytes() {
		return all().mapToLong(ProcessTree::resident).sum();
	}

	private Stream<ProcessHandle> all() {
		return Stream.concat(Stream.of(this.root), this.root.descendants());
	}

	private static long ticks(ProcessHandle process) {
		try {
			String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
			// The second field is the program's name, which may have spaces.
			String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
			long ticks = 0;
			for (int field = 11; field <= 14; field++) {
				ticks += Long.parseLong(fields[field]);
			}
			return ticks;
		}
		catch (IOException ex) {
			return 0; // it has ended
		}
	}

	private static long resident(ProcessHandle process) {
		try {
			for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status"))) {
				if (line.startsWith("VmRSS:")) {
					return Long.parseLong(line.replaceAll("\\D", "")) << 10;
				}
			}
			return 0;
		}
		catch (IOException ex) {
			return 0;
		}
	}

}
