package io.kvpurge.job;

import java.io.IOException;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import io.kvpurge.ledger.LedgerDatabase;

/** What is kept of one definition: its ledger, its hold, and the purge that runs now. */
public interface DefinitionHome {

	String name();

	/** Whether there is a ledger of it: false if it never ran. */
	boolean hasLedger();

	/**
	 * Opens its ledger to write to it, and makes one where there is none. Until it is
	 * closed no other process can do the same.
	 * @throws io.kvpurge.ledger.DatabaseBusyException if another process has
	 * @throws io.kvpurge.ledger.LedgerException if it cannot be opened
	 */
	LedgerDatabase own();

	/**
	 * Opens its ledger for reading; it may be that this is possible for the owner only.
	 * @throws io.kvpurge.ledger.DatabaseBusyException if it is, and another process owns
	 * it
	 * @throws io.kvpurge.ledger.LedgerException if it cannot be opened
	 */
	LedgerDatabase read();

	/** Where its backups are kept, null if it has no folder. */
	default @Nullable Path backupFolder() {
		return null;
	}

	/**
	 * Where a run keeps which keys it has counted, null if that can be kept for as long
	 * as the process lives only.
	 */
	default @Nullable Path countedFolder() {
		return null;
	}

	/**
	 * An empty folder for what the owner needs while a run runs. It is the owner's to
	 * remove; what one left that died is removed by the next.
	 * @throws IOException if it cannot be made
	 */
	Path workFolder() throws IOException;

	/** Stops the running purge and holds the definition while it is there. */
	Hold hold();

	/**
	 * The hold that is in force, that of all definitions included; null if there is none.
	 */
	@Nullable Hold activeHold();

	/**
	 * The purge that runs now, as it showed itself last; null if none did. One that died
	 * without a word may still be shown, {@linkplain LiveRun#isFresh for a while}.
	 */
	@Nullable LiveRun live();

	/** Shows other processes how the purge of this one stands. */
	void show(LiveRun run);

	/** Shows that the purge of this process has ended. */
	void hide();

}
