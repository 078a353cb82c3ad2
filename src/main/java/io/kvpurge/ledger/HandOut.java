package io.kvpurge.ledger;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Key;

/**
 * What a worker must know of a run, beside what the ledger says of it anyway, and what
 * must be the same for it as for whoever hands out the ranges.
 *
 * @param version of kvpurge
 * @param definitionText the definition as it was read for this attempt, placeholders
 * unresolved
 * @param protect what the keys begin with that no definition may delete
 * @param maxAge how long after its listing an entry may be deleted
 * @param settleDelay how long a call may take effect after it was begun
 * @param backupMark what stands in the directory in which entries are saved, null if none
 * are
 */
public record HandOut(String version, String definitionText, List<Key> protect, Duration maxAge, Duration settleDelay,
		@Nullable String backupMark) {

	public HandOut {
		protect = List.copyOf(protect);
	}

}
