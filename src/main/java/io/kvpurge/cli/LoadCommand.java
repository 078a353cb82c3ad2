package io.kvpurge.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.report.ExitCode;
import io.kvpurge.store.KeyValueStore;

/** Fills a store. */
@Command(name = "load", description = { "Puts entries into a definition's store, replacing those of the same keys.",
		"A missing jdbc table is made. Bad lines are found before anything is written." })
final class LoadCommand implements Callable<Integer> {

	private final CommandServices services;

	@Mixin
	private CommonOptions common = new CommonOptions();

	@Mixin
	private ProgressOptions progress = new ProgressOptions();

	@Parameters(index = "0", paramLabel = "FILE", description = "The definition.")
	private Path file = Path.of("");

	@Parameters(index = "1", paramLabel = "ENTRIES",
			description = "The entries, one JSON object a line: key, and optionally value, metadata, expiration; may be gzipped.")
	private Path entries = Path.of("");

	LoadCommand(CommandServices services) {
		this.services = services;
	}

	@Override
	public Integer call() {
		PurgeDefinition definition = new DefinitionReader().read(this.file);
		EntryLoading loading = new EntryLoading(new FileSource(this.entries));
		long total = loading.check();
		try (KeyValueStore store = definition.store().create(this.services.environment())) {
			try (LoadDisplay display = this.progress.loadDisplay(this.services.terminal(), total)) {
				loading.load(store, display::show);
			}
			new Message(this.services.terminal(), this.common.json).show(ExitCode.COMPLETED,
					"loaded %,d entries into %s".formatted(total, store.identity()));
			return ExitCode.COMPLETED.status();
		}
		catch (UnsupportedOperationException ex) {
			throw new DefinitionException(List.of(String.valueOf(ex.getMessage())));
		}
	}

	private record FileSource(Path file) implements EntryLoading.Source {

		@Override
		public String name() {
			return this.file.toString();
		}

		@Override
		public InputStream open() throws IOException {
			return Files.newInputStream(this.file);
		}

	}

}
