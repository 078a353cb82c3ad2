package io.kvpurge.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

import io.kvpurge.ledger.LedgerDatabase;

/**
 * What is kept of one definition in its folder: the database's file, the file in which a
 * running purge shows itself, and its hold.
 */
final class FolderDefinition implements DefinitionHome {

	private final Path folder;

	private final Hold holdOfAll;

	private final Clock clock;

	FolderDefinition(Path folder, Hold holdOfAll, Clock clock) {
		this.folder = folder;
		this.holdOfAll = holdOfAll;
		this.clock = clock;
	}

	@Override
	public String name() {
		return this.folder.getFileName().toString();
	}

	@Override
	public boolean hasLedger() {
		return Files.exists(this.folder.resolve("ledger.mv.db"));
	}

	/** The database's file without its suffix. */
	Path database() {
		return this.folder.resolve("ledger");
	}

	@Override
	public LedgerDatabase own() {
		return LedgerDatabase.openFile(database(), this.clock);
	}

	@Override
	public LedgerDatabase read() {
		return own();
	}

	@Override
	public Path backupFolder() {
		return this.folder.resolve("backup");
	}

	@Override
	public Path countedFolder() {
		return this.folder.resolve("counted");
	}

	@Override
	public Path workFolder() throws IOException {
		Path work = this.folder.resolve("work");
		FileSystemUtils.deleteRecursively(work);
		return Files.createDirectory(work);
	}

	@Override
	public Hold hold() {
		return new FileHold(this.folder.resolve("control").resolve("stop"));
	}

	@Override
	public @Nullable Hold activeHold() {
		return Hold.firstSet(this.holdOfAll, hold());
	}

	/** As it showed itself last: one that died is not cleaned up after. */
	@Override
	public @Nullable LiveRun live() {
		return LiveRun.read(liveFile());
	}

	@Override
	public void show(LiveRun run) {
		run.write(liveFile());
	}

	@Override
	public void hide() {
		try {
			Files.deleteIfExists(liveFile());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	Path liveFile() {
		return this.folder.resolve("live.json");
	}

}
