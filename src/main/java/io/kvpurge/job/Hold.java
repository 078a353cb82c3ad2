package io.kvpurge.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that stops what runs and keeps launches from running, until it is lifted. It is
 * a file so that another process, or a person without kvpurge, can set it.
 *
 * @param file the file
 */
public record Hold(Path file) {

	public boolean isSet() {
		return Files.exists(this.file);
	}

	/**
	 * Sets the hold; one that is set already stays as it is.
	 * @param text who and when, one line for people
	 * @throws UncheckedIOException if the file cannot be written
	 */
	public void set(String text) {
		if (isSet()) {
			return;
		}
		try {
			Files.createDirectories(this.file.getParent());
			Path temporary = Files.createTempFile(this.file.getParent(), "stop", ".tmp");
			Files.writeString(temporary, text + "\n");
			Files.move(temporary, this.file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cannot write " + this.file + ": " + ex.getMessage(), ex);
		}
	}

	/**
	 * Lifts the hold.
	 * @return whether there was one
	 */
	public boolean lift() {
		try {
			return Files.deleteIfExists(this.file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cannot delete " + this.file + ": " + ex.getMessage(), ex);
		}
	}

	/** Who set it and when; empty if it is not set, or was set by hand with no text. */
	public String text() {
		try {
			return Files.readString(this.file).strip();
		}
		catch (NoSuchFileException ex) {
			return "";
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cannot read " + this.file + ": " + ex.getMessage(), ex);
		}
	}

}
