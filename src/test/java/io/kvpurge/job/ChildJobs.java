package io.kvpurge.job;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;

import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.definition.Settings;
import io.kvpurge.ledger.PostgresqlAddress;
import io.kvpurge.ledger.PostgresqlLedgers;
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
	 * @param home where the ledger is kept: a folder, or the URL of a database
	 * @param storeOpening opens what a definition names
	 * @param silence after how long without a sign of life a database takes a definition
	 * from its owner
	 */
	public static PurgeJobs create(String home, Function<PurgeDefinition, KeyValueStore> storeOpening, Duration silence,
			Clock clock) {
		return create(home, storeOpening, silence, Settings.DEFAULT, clock);
	}

	/**
	 * As the other method.
	 * @param settings with a broker, where workers do the work
	 */
	public static PurgeJobs create(String home, Function<PurgeDefinition, KeyValueStore> storeOpening, Duration silence,
			Settings settings, Clock clock) {
		return new PurgeJobs(storeOpening, RETRY, open(home, silence, clock), settings, origin(), clock);
	}

	/** A worker for them, with two slots. */
	public static PurgeWorker worker(String home, Function<PurgeDefinition, KeyValueStore> storeOpening,
			Duration silence, Settings settings, WorkerListener listener, Clock clock) {
		return new PurgeWorker(storeOpening, RETRY, open(home, silence, clock), settings, origin(), 2, listener, clock);
	}

	private static RunOrigin origin() {
		return new RunOrigin("tester", "localhost", ProcessHandle.current().pid(), "test");
	}

	private static Home open(String home, Duration silence, Clock clock) {
		return home.startsWith("jdbc:")
				? new SharedHome(PostgresqlLedgers.open(PostgresqlAddress.of(home, null, null), silence, clock), clock)
				: Home.inFolder(Path.of(home), clock);
	}

	/** The file of the ledger of a definition, without its suffix. */
	public static Path ledgerFile(Path home, String definition) {
		return new FolderHome(home, Clock.systemUTC()).definition(definition).database();
	}

}
