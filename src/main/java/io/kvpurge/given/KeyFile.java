package io.kvpurge.given;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Key;

/**
 * A file that names keys.
 *
 * @param name what it is called where it is used; {@value #STANDARD_INPUT} is standard
 * input
 * @param format how it names them
 * @param path where it is, null if that is not known here
 */
public record KeyFile(String name, KeyFileFormat format, @Nullable Path path) implements KeySource {

	/** The name of standard input. */
	public static final String STANDARD_INPUT = "-";

	/**
	 * A file.
	 * @param name its name: absolute, or relative to a folder
	 * @param format how it names keys, null for what its name says
	 * @param folder where a relative name begins, null if that is not known
	 */
	public static KeyFile of(String name, @Nullable KeyFileFormat format, @Nullable Path folder) {
		Path path = Path.of(name);
		boolean known = !name.equals(STANDARD_INPUT) && (path.isAbsolute() || folder != null);
		return new KeyFile(name, (format != null) ? format : KeyFileFormat.ofFile(name),
				!known ? null : (folder != null) ? folder.resolve(path) : path);
	}

	/** The same, with what it names standing in this file. */
	public KeyFile at(Path place) {
		return new KeyFile(this.name, this.format, place);
	}

	/** Whether it is what the process reads from its standard input. */
	public boolean isStandardInput() {
		return this.name.equals(STANDARD_INPUT);
	}

	@Override
	public String described() {
		return isStandardInput() ? "standard input" : (this.path != null) ? this.path.toString() : this.name;
	}

	@Override
	public void forEach(Consumer<Key> reader) {
		if (this.path == null) {
			throw new KeySourceException(isStandardInput()
					? "the keys came from standard input, which is not kept: launch it again with the same keys"
					: this.name + ": where it is was not kept: launch it again with its definition's file");
		}
		try (InputStream in = Files.newInputStream(this.path)) {
			KeyFileReader keys = new KeyFileReader(in, this.format, described());
			for (Key key = keys.next(); key != null; key = keys.next()) {
				reader.accept(key);
			}
		}
		catch (NoSuchFileException ex) {
			throw new KeySourceException(described() + ": there is no such file");
		}
		catch (IOException ex) {
			throw new KeySourceException(described() + ": " + (Files.isDirectory(this.path)
					? "is a folder: name a file in it" : "cannot be read: " + ex.getMessage()));
		}
	}

}
