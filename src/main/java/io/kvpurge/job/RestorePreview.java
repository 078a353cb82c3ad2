package io.kvpurge.job;

import java.util.Collections;
import java.util.LinkedHashMap;
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
 * @param refused how many could not be restored, and why; where there are very many
 * reasons, the first of them
 */
public record RestorePreview(RunId run, String store, EntryCounts counts, Map<String, Long> reasons,
		Map<String, Long> refused) {

	public RestorePreview {
		reasons = Map.copyOf(reasons);
		refused = Collections.unmodifiableMap(new LinkedHashMap<>(refused));
	}

}
