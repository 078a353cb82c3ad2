package io.kvpurge.job;

import java.time.Clock;
import java.time.Duration;

import io.kvpurge.ledger.DatabaseBusyException;
import io.kvpurge.ledger.LedgerDatabase;

/** Becomes the owner of a definition, or tells who is. */
final class LedgerAcquisition {

	/** One that is only reading shows no run, and is soon gone. */
	private static final Duration READER_PATIENCE = Duration.ofSeconds(5);

	private static final Duration SHORT_PAUSE = Duration.ofMillis(100);

	private static final Duration PAUSE = Duration.ofSeconds(1);

	private final StopSignal stop;

	private final Clock clock;

	LedgerAcquisition(StopSignal stop, Clock clock) {
		this.stop = stop;
		this.clock = clock;
	}

	/**
	 * Opens the ledger to write to it.
	 * @param patience how long to wait for a run of another process to end
	 * @throws DatabaseBusyException if another process has it all that time, saying who
	 * runs what since when
	 */
	LedgerDatabase own(DefinitionHome home, Duration patience) {
		Duration waited = Duration.ZERO;
		while (true) {
			try {
				return home.own();
			}
			catch (DatabaseBusyException ex) {
				LiveRun shown = home.live();
				LiveRun live = (shown != null && shown.isFresh(this.clock.instant())) ? shown : null;
				Duration longest = (live != null || patience.compareTo(READER_PATIENCE) > 0) ? patience
						: READER_PATIENCE;
				Duration pause = (live != null) ? PAUSE : SHORT_PAUSE;
				if (waited.compareTo(longest) >= 0 || !pause(pause)) {
					throw (live != null) ? new DatabaseBusyException(words(live)) : ex;
				}
				waited = waited.plus(pause);
			}
		}
	}

	private static String words(LiveRun live) {
		return "run " + live.run() + " is under way since " + live.startedAt() + " (pid " + live.pid() + " on "
				+ live.host() + ")";
	}

	private boolean pause(Duration pause) {
		try {
			this.stop.await(pause);
			return true;
		}
		catch (InterruptedException ex) {
			return false;
		}
	}

}
