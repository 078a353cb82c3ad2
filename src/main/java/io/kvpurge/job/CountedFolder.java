package io.kvpurge.job;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * Where a run keeps which keys it has counted: in its home, so that the next attempt
 * finds it, or where there is none, for as long as it is open. Nothing is made before it
 * is needed.
 */
final class CountedFolder implements AutoCloseable {

	private final DefinitionHome home;

	private final @Nullable Path kept;

	private final int run;

	private @Nullable Path passing;

	/** Removes what other runs have left. */
	CountedFolder(DefinitionHome home, int run) {
		this.home = home;
		this.run = run;
		this.kept = home.countedFolder();
		File[] others = (this.kept != null)
				? this.kept.toFile().listFiles((folder, name) -> !name.equals(String.valueOf(run))) : null;
		if (others != null) {
			for (File other : others) {
				FileSystemUtils.deleteRecursively(other);
			}
		}
	}

	/** The file of a range. */
	synchronized Path range(int number) {
		Path folder = (this.kept != null) ? this.kept.resolve(String.valueOf(this.run)) : this.passing;
		try {
			if (folder == null) {
				folder = this.home.workFolder();
				this.passing = folder;
			}
			return folder.resolve(String.valueOf(number));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cannot make a folder for what is counted: " + ex, ex);
		}
	}

	/** Somebody else may go on with a range: what is remembered of it here is no more. */
	synchronized void forget(int number) {
		if (this.kept != null || this.passing != null) {
			try {
				Path file = range(number);
				Files.deleteIfExists(file);
				Files.deleteIfExists(CountedKeys.table(file));
			}
			catch (IOException ex) {
				throw new UncheckedIOException("cannot remove what was counted: " + ex, ex);
			}
		}
	}

	/** The run has ended: nobody will ask any more. */
	void remove() {
		if (this.kept != null) {
			FileSystemUtils.deleteRecursively(this.kept.toFile());
		}
	}

	@Override
	public synchronized void close() {
		if (this.passing != null) {
			FileSystemUtils.deleteRecursively(this.passing.toFile());
		}
	}

}
