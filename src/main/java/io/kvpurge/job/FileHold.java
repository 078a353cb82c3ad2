package io.kvpurge.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A hold that is a file, so that a person without kvpurge can set it too.
 *
 * @param file the file
 */
record FileHold(Path file) implements Hold {

	@Override
	public boolean isSet() {
		return Files.exists(this.file);
	}

	@Override
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

	@Override
	public boolean lift() {
		try {
			return Files.deleteIfExists(this.file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cannot delete " + this.file + ": " + ex.getMessage(), ex);
		}
	}

	@Override
	public String text() {
		try {
			String text = Files.readString(this.file).strip();
			return text.isEmpty() ? "by " + this.file : text;
		}
		catch (NoSuchFileException ex) {
			return "";
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cannot read " + this.file + ": " + ex.getMessage(), ex);
		}
	}

}
