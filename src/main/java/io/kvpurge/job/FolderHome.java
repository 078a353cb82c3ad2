package io.kvpurge.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/**
 * State in a folder: one folder for each definition, and the hold that stands for all of
 * them.
 */
final class FolderHome implements Home {

	private final Path root;

	private final Clock clock;

	FolderHome(Path root, Clock clock) {
		this.root = root.toAbsolutePath().normalize();
		this.clock = clock;
	}

	@Override
	public String location() {
		return this.root.toString();
	}

	@Override
	public FolderDefinition definition(String name) {
		return new FolderDefinition(definitionsFolder().resolve(name), hold(), this.clock);
	}

	@Override
	public List<DefinitionHome> definitions() {
		Path folder = definitionsFolder();
		if (!Files.isDirectory(folder)) {
			return List.of();
		}
		try (Stream<Path> folders = Files.list(folder)) {
			return folders.filter(Files::isDirectory)
				.map((path) -> path.getFileName().toString())
				.sorted()
				.<DefinitionHome>map(this::definition)
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public Hold hold() {
		return new FileHold(this.root.resolve("control").resolve("stop"));
	}

	private Path definitionsFolder() {
		return this.root.resolve("definitions");
	}

	@Override
	public void close() {
		// Ledgers are opened one by one, and closed by whoever opened them.
	}

}
