package io.kvpurge.job;

import java.util.List;
import java.util.Map;

import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.RunId;

/**
 * What putting back would do.
 *
 * @param run the run that deleted
 * @param store which store would be written to
 * @param counts as those of a run that puts back: deleted would be restored, vanished has
 * expired, spared is there again
 * @param reasons how often it could not be decided whether to restore, and why
 * @param refused some of the keys that could not be restored, and why, one line each
 */
public record RestorePreview(RunId run, String store, EntryCounts counts, Map<String, Long> reasons,
		List<String> refused) {

	public RestorePreview {
		reasons = Map.copyOf(reasons);
		refused = List.copyOf(refused);
	}

}
