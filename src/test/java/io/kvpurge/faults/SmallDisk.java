package io.kvpurge.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.opentest4j.TestAbortedException;

/** A file system of a given size in memory. */
final class SmallDisk implements AutoCloseable {

	private final Path folder;

	private SmallDisk(Path folder) {
		this.folder = folder;
	}

	/**
	 * Mounts it.
	 * @throws TestAbortedException if this machine does not allow it
	 */
	static SmallDisk mount(Path folder, int kilobytes) throws IOException, InterruptedException {
		Files.createDirectories(folder);
		if (!succeeds("mount", "-t", "tmpfs", "-o", "size=" + kilobytes + "k", "tmpfs", folder.toString())) {
			throw new TestAbortedException("a small file system cannot be mounted here: the disk cannot be filled");
		}
		return new SmallDisk(folder);
	}

	Path folder() {
		return this.folder;
	}

	void grow() throws IOException, InterruptedException {
		if (!succeeds("mount", "-o", "remount,size=256m", this.folder.toString())) {
			throw new IOException("cannot make " + this.folder + " larger");
		}
	}

	private static boolean succeeds(String... command) throws InterruptedException {
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
			return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Override
	public void close() throws InterruptedException {
		succeeds("umount", this.folder.toString());
	}

}
