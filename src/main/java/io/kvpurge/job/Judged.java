package io.kvpurge.job;

import java.util.Map;
import java.util.TreeMap;

import io.kvpurge.filter.Decision;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.OutcomeCounts;

/**
 * How many entries of a range were judged, and how. Immutable: each matched entry keeps
 * the one of its moment, so that a position that is saved later has the counts that
 * belong to it.
 *
 * @param unmatched not selected
 * @param held kept
 * @param undecided could not be decided
 * @param matched to go
 * @param reasons why rules could not be decided, with the number of entries
 */
record Judged(long unmatched, long held, long undecided, long matched, Map<String, Long> reasons) {

	/** More reasons than these are counted together: a rule names only so many fields. */
	private static final int DISTINCT_REASONS = 20;

	private static final String OTHER_REASONS = "other reasons";

	/** What was judged when these counts were saved. */
	static Judged of(EntryCounts counts, Map<String, Long> reasons) {
		return new Judged(counts.unmatched(), counts.held(), counts.undecided(), counts.matched(), reasons);
	}

	Judged and(Decision decision) {
		Map<String, Long> why = (decision.reason() != null) ? count(decision.reason()) : this.reasons;
		return switch (decision.verdict()) {
			case UNMATCHED -> new Judged(this.unmatched + 1, this.held, this.undecided, this.matched, why);
			case HELD -> new Judged(this.unmatched, this.held + 1, this.undecided, this.matched, why);
			case UNDECIDED -> new Judged(this.unmatched, this.held, this.undecided + 1, this.matched, why);
			case MATCHED -> new Judged(this.unmatched, this.held, this.undecided, this.matched + 1, why);
		};
	}

	/** Counts of everything judged, and of what became of the matched ones before. */
	EntryCounts with(EntryCounts before) {
		return with(before.deleted(), before.vanished(), before.spared(), before.refused());
	}

	/** The same, with what became of some more. */
	EntryCounts with(EntryCounts before, OutcomeCounts now) {
		return with(before.deleted() + now.allDeleted(), before.vanished() + now.vanished(),
				before.spared() + now.spared(), before.refused() + now.refused());
	}

	/** The same, said in numbers. */
	EntryCounts with(long deleted, long vanished, long spared, long refused) {
		return new EntryCounts(this.unmatched + this.held + this.undecided + this.matched, this.unmatched, this.held,
				this.undecided, this.matched, deleted, vanished, spared, refused);
	}

	private Map<String, Long> count(String reason) {
		Map<String, Long> counted = new TreeMap<>(this.reasons);
		boolean known = counted.containsKey(reason) || counted.size() < DISTINCT_REASONS;
		counted.merge(known ? reason : OTHER_REASONS, 1L, Long::sum);
		return counted;
	}

}
