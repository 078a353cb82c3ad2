package io.kvpurge.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;

import io.kvpurge.testkit.ChildJvm;

/** A {@link PurgeChild} as its parent sees it. */
final class ChildProcess implements AutoCloseable {

	private static final int LONGEST_SECONDS = 120;

	private final Process process;

	private final Path output;

	private ChildProcess(Process process, Path output) {
		this.process = process;
		this.output = output;
	}

	static ChildProcess start(Path folder, PurgeChild.Setting setting, Launch launch) {
		List<String> command = ChildJvm.command(ChildJvm.SHORT_LIVED);
		command.add(PurgeChild.class.getName());
		command.addAll(setting.arguments());
		command.addAll(launch.arguments());
		try {
			Path output = Files.createTempFile(folder, "child", ".txt");
			return new ChildProcess(
					new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start(),
					output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Waits for so long after the purge began.
	 * @param started how many children have begun their purge when this one has
	 * @return whether it is alive by then
	 */
	boolean awaitLater(EventLog events, long started, Duration after) throws InterruptedException {
		Awaitility.await()
			.atMost(Duration.ofMinutes(3))
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(5))
			.until(() -> !isAlive() || events.count(EventLog.STARTED) >= started);
		return !this.process.waitFor(after.toMillis(), TimeUnit.MILLISECONDS);
	}

	/** Waits for so long, or until it has ended. */
	boolean awaitEnd(Duration longest) throws InterruptedException {
		return this.process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS);
	}

	/** SIGSTOP. */
	void freeze() throws IOException, InterruptedException {
		signal("-STOP");
	}

	/** SIGCONT. */
	void thaw() throws IOException, InterruptedException {
		signal("-CONT");
	}

	private void signal(String signal) throws IOException, InterruptedException {
		int status = new ProcessBuilder("kill", signal, Long.toString(this.process.pid())).start().waitFor();
		if (status != 0 && isAlive()) {
			throw new IOException("cannot send " + signal);
		}
	}

	/** SIGTERM. */
	void terminate() {
		this.process.destroy();
	}

	/** Waits for its end, and gives its exit status. */
	int await() throws InterruptedException {
		if (!this.process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
			throw new AssertionError("does not end:\n" + output());
		}
		return this.process.exitValue();
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	String output() {
		try {
			return Files.readString(this.output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** SIGKILL. */
	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
