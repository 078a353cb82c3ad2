package io.kvpurge.job;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.ledger.PostgresqlAddress;
import io.kvpurge.ledger.PostgresqlLedgers;
import io.kvpurge.ledger.RemoteRuns;

/**
 * Where kvpurge keeps its state: ledgers, holds, and what runs. Either all of it stands
 * in a folder of this host, or several hosts share it in a PostgreSQL database.
 */
public interface Home extends AutoCloseable {

	/**
	 * State in a folder, which need not exist yet.
	 * @param clock for the ledgers in it
	 */
	static Home inFolder(Path root, Clock clock) {
		return new FolderHome(root, clock);
	}

	/**
	 * State in a database, connected to by this.
	 * @throws io.kvpurge.ledger.LedgerException as {@link PostgresqlLedgers#open}
	 */
	static Home shared(PostgresqlAddress address, Clock clock) {
		return new SharedHome(PostgresqlLedgers.open(address, clock), clock);
	}

	/** The folder, or the database without secrets: for people. */
	String location();

	/** What is kept of one definition. */
	DefinitionHome definition(String name);

	/** The definitions of which anything is kept, sorted. */
	List<DefinitionHome> definitions();

	/** Stops all runs and holds all definitions while it is there. */
	Hold hold();

	/**
	 * What processes that work on a run together tell one another; null if they cannot.
	 */
	default @Nullable RemoteRuns remoteRuns() {
		return null;
	}

	@Override
	void close();

}
