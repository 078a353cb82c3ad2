package io.kvpurge.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Where and on what it is measured, and which programs are at hand. */
final class Machine {

	private Machine() {
	}

	/** A line that belongs above every figure. */
	static String line() throws IOException, InterruptedException {
		String commit = output(List.of("git", "describe", "--always", "--dirty"));
		return "%s, commit %s, %d cores, %s %s, java %s".formatted(LocalDate.now(), commit,
				Runtime.getRuntime().availableProcessors(), System.getProperty("os.name"),
				System.getProperty("os.arch"), System.getProperty("java.version"));
	}

	/** Whether a program can be launched; says so if it cannot. */
	static boolean has(String program) throws IOException, InterruptedException {
		boolean there = new ProcessBuilder("sh", "-c", "command -v " + program)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start()
			.waitFor() == 0;
		if (!there) {
			System.out.println(program + " is not installed: what needs it is left out");
		}
		return there;
	}

	static String output(List<String> command) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
		process.waitFor(10, TimeUnit.SECONDS);
		return output;
	}

}
