package io.kvpurge.job;

import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * The folder of one definition: its database, the file in which a running purge shows
 * itself, and its hold.
 *
 * @param home the home
 * @param name the definition's name
 */
public record DefinitionHome(Home home, String name) {

	Path folder() {
		return this.home.definitionsFolder().resolve(this.name);
	}

	/** The database's file without its suffix. */
	public Path database() {
		return folder().resolve("ledger");
	}

	/** Whether there ever was a run. */
	public boolean hasDatabase() {
		return Files.exists(folder().resolve("ledger.mv.db"));
	}

	/** Stops the running purge and holds the definition while it is there. */
	public Hold hold() {
		return new Hold(folder().resolve("control").resolve("stop"));
	}

	/** The hold that is in force, null if there is none. */
	public @Nullable Hold activeHold() {
		if (this.home.hold().isSet()) {
			return this.home.hold();
		}
		return hold().isSet() ? hold() : null;
	}

	/** The purge that runs now, as it shows itself; null if none does. */
	public @Nullable LiveRun live() {
		return LiveRun.read(liveFile());
	}

	Path liveFile() {
		return folder().resolve("live.json");
	}

}
