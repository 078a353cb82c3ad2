package io.kvpurge.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** kvpurge in a process of its own, as a scheduler launches it. */
public final class KvpurgeProcess implements AutoCloseable {

	private static final long LONGEST_SECONDS = 600;

	private final Process process;

	private final Path out;

	private final Path err;

	private KvpurgeProcess(Process process, Path out, Path err) {
		this.process = process;
		this.out = out;
		this.err = err;
	}

	/** Launches it for a short life, with its output in a folder. */
	public static KvpurgeProcess start(Path folder, Map<String, String> environment, String... arguments) {
		return start(folder, environment, ChildJvm.SHORT_LIVED, arguments);
	}

	/**
	 * Launches it.
	 * @param folder where its output goes
	 * @param jvmOptions such as -Xmx256m
	 */
	public static KvpurgeProcess start(Path folder, Map<String, String> environment, List<String> jvmOptions,
			String... arguments) {
		List<String> command = ChildJvm.kvpurge(jvmOptions, arguments);
		try {
			Path out = Files.createTempFile(folder, "out", ".txt");
			Path err = Files.createTempFile(folder, "err", ".txt");
			ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile())
				.redirectError(err.toFile());
			builder.environment().putAll(environment);
			return new KvpurgeProcess(builder.start(), out, err);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Waits for its end, and gives its exit status. */
	public int await() {
		try {
			if (!this.process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
				throw new AssertionError("does not end:\n" + err());
			}
			return this.process.exitValue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	public boolean isAlive() {
		return this.process.isAlive();
	}

	/** Kills it as a power failure would: SIGKILL. */
	public void kill() {
		this.process.destroyForcibly();
	}

	/** Asks it to end: SIGTERM. */
	public void terminate() {
		this.process.destroy();
	}

	/** Lets it stand still as a host without a processor does: SIGSTOP. */
	public void freeze() {
		signal("STOP");
	}

	/** Lets it go on: SIGCONT. */
	public void thaw() {
		signal("CONT");
	}

	private void signal(String name) {
		try {
			int status = new ProcessBuilder("kill", "-" + name, Long.toString(this.process.pid())).start().waitFor();
			if (status != 0) {
				throw new IllegalStateException("cannot send " + name);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	public String out() {
		return text(this.out);
	}

	public String err() {
		return text(this.err);
	}

	private static String text(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		kill();
	}

}
