package io.kvpurge.job;

import io.kvpurge.backup.RunBackup;
import io.kvpurge.backup.Segment;
import io.kvpurge.filter.EntryFilter;
import io.kvpurge.ledger.RunId;

/**
 * What is put back.
 *
 * @param run the run that deleted it
 * @param backup where it is saved
 * @param filter which of it
 * @param judged whether the filter has to look at entries: it does not take them all
 * @param overwrite whether it replaces what is there again
 */
record RestoreSource(RunId run, RunBackup backup, EntryFilter filter, boolean judged, boolean overwrite) {

	/** The entries of one call. */
	Segment segment(int range, int sequence) {
		return this.backup.segment(range, sequence);
	}

	/**
	 * In which order calls are looked at: a key may have been deleted by two of them, and
	 * what was saved last shall be what stands in the end.
	 */
	int step() {
		return this.overwrite ? 1 : -1;
	}

}
