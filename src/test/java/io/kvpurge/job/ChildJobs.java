package io.kvpurge.job;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;

import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.definition.Settings;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.resilient.RetrySettings;

/** Purge jobs whose store and clock a test in another package chooses. */
public final class ChildJobs {

	/** As often as in earnest, without the waiting. */
	private static final RetrySettings RETRY = new RetrySettings(4, Duration.ofMillis(1), Duration.ofMillis(4),
			Duration.ofMinutes(10));

	private ChildJobs() {
	}

	/**
	 * Makes them.
	 * @param home where the ledger is kept
	 * @param storeOpening opens what a definition names
	 */
	public static PurgeJobs create(Path home, Function<PurgeDefinition, KeyValueStore> storeOpening, Clock clock) {
		RunOrigin origin = new RunOrigin("tester", "localhost", ProcessHandle.current().pid(), "test");
		return new PurgeJobs(storeOpening, RETRY, Home.inFolder(home, clock), Settings.DEFAULT, origin, clock);
	}

	/** The file of the ledger of a definition, without its suffix. */
	public static Path ledgerFile(Path home, String definition) {
		return new FolderHome(home, Clock.systemUTC()).definition(definition).database();
	}

}
