package io.kvpurge.job;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.kvpurge.filter.Decision;
import io.kvpurge.filter.Verdict;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.RunId;
import io.kvpurge.store.Cursor;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.ListingPosition;

/** Goes through what a run has deleted, one range after the other, and writes nothing. */
final class PreviewTally {

	private static final int PAGE = 1000;

	/** So many reasons are named, whatever is missing. */
	private static final int MOST_REASONS = 20;

	private final RestoreSource source;

	private final Restoring.Putting looking;

	private final Duration shortestLife;

	private final Clock clock;

	private final Map<String, Long> reasons = new LinkedHashMap<>();

	private final Map<String, Long> refused = new LinkedHashMap<>();

	private EntryCounts counts = EntryCounts.ZERO;

	/**
	 * @param looking gives which of some entries are there, and writes none
	 * @param shortestLife see {@link Restoring}
	 */
	PreviewTally(RestoreSource source, Restoring.Putting looking, Duration shortestLife, Clock clock) {
		this.shortestLife = shortestLife;
		this.source = source;
		this.looking = looking;
		this.clock = clock;
	}

	void add(LedgerRange range, DeletedEntries deleted) {
		Restoring restoring = new Restoring(this.source, deleted, range.number(), this.looking, PAGE, this.shortestLife,
				this.clock);
		ListingPosition position = ListingPosition.START;
		@Nullable Cursor next;
		do {
			KeyPage page = deleted.list(range.bounds(), position, PAGE);
			add(page.entries(), position, restoring);
			next = page.next();
			position = (next != null) ? ListingPosition.at(next) : position;
		}
		while (next != null);
	}

	private void add(List<KeyEntry> entries, ListingPosition page, Restoring restoring) {
		List<MatchedEntry> matched = new ArrayList<>();
		long unmatched = 0;
		for (KeyEntry entry : entries) {
			Decision decision = this.source.filter().decide(entry);
			if (decision.verdict() == Verdict.MATCHED) {
				matched.add(new MatchedEntry(entry, new ListingPosition(page.cursor(), entry.key()),
						this.clock.instant(), Judged.of(EntryCounts.ZERO, Map.of())));
			}
			else if (decision.verdict() == Verdict.UNDECIDED) {
				this.reasons.merge(String.valueOf(decision.reason()), 1L, Long::sum);
			}
			else {
				unmatched++;
			}
		}
		DeleteResult result = restoring.restore(matched, Duration.ofDays(1));
		if (result.cause() != null) {
			throw result.cause();
		}
		result.refused().values().forEach((reason) -> {
			if (this.refused.size() < MOST_REASONS || this.refused.containsKey(reason)) {
				this.refused.merge(reason, 1L, Long::sum);
			}
		});
		this.counts = this.counts.plus(new EntryCounts(entries.size(), unmatched, 0,
				entries.size() - unmatched - matched.size(), matched.size(), result.deleted().size(),
				result.vanished().size(), result.spared().size(), result.refused().size()));
	}

	RestorePreview preview(RunId run, String store) {
		return new RestorePreview(run, store, this.counts, this.reasons, this.refused);
	}

}
