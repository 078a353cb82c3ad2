package io.kvpurge.definition;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** A file of UTF-8 text that a person named. */
public final class TextFile {

	private TextFile() {
	}

	/**
	 * The text in the file.
	 * @throws DefinitionException if there is no such file, or it cannot be read
	 */
	public static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new DefinitionException(List.of(file + ": " + reason(file, ex)));
		}
	}

	/** Why a file cannot be read, as the rest of a sentence. */
	public static String reason(Path file, IOException failure) {
		if (failure instanceof NoSuchFileException) {
			return "there is no such file";
		}
		if (failure instanceof CharacterCodingException) {
			return "is not UTF-8 text";
		}
		return Files.isDirectory(file) ? "is a folder: name a file in it" : "cannot be read: " + failure.getMessage();
	}

}
