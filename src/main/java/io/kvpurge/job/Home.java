package io.kvpurge.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder in which kvpurge keeps its state: one folder for each definition, and the
 * hold that stands for all of them.
 *
 * @param root the folder, need not exist yet
 */
public record Home(Path root) {

	public Home {
		root = root.toAbsolutePath().normalize();
	}

	/** The folder of one definition. */
	public DefinitionHome definition(String name) {
		return new DefinitionHome(this, name);
	}

	/** The definitions that have a folder here, sorted. */
	public List<DefinitionHome> definitions() {
		Path folder = definitionsFolder();
		if (!Files.isDirectory(folder)) {
			return List.of();
		}
		try (Stream<Path> folders = Files.list(folder)) {
			return folders.filter(Files::isDirectory)
				.map((path) -> definition(path.getFileName().toString()))
				.sorted((one, other) -> one.name().compareTo(other.name()))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Where the administrator of this home may configure kvpurge. */
	public Path settings() {
		return this.root.resolve("kvpurge.yaml");
	}

	/** Stops all runs and holds all definitions while it is there. */
	public Hold hold() {
		return new Hold(this.root.resolve("control").resolve("stop"));
	}

	Path definitionsFolder() {
		return this.root.resolve("definitions");
	}

}
