package io.kvpurge.ledger;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.ListingPosition;

/**
 * How far a range has come. The counts speak of exactly the entries up to the position,
 * and of those behind it that are gone by a settled call.
 *
 * @param position where the listing carries on
 * @param counts what became of the entries
 * @param calls what was sent to the store
 * @param reasons why rules could not be decided, with the number of entries
 * @param done whether the range was listed to its end and nothing is left to settle
 * @param findings what the matching entries have in the metadata fields of the rule,
 * those up to the position; where a run deletes while it lists, those that it has
 * deleted; null if they are not counted
 */
public record RangeProgress(ListingPosition position, EntryCounts counts, CallCounts calls, Map<String, Long> reasons,
		boolean done, @Nullable Findings findings) {

	public static final RangeProgress START = new RangeProgress(ListingPosition.START, EntryCounts.ZERO,
			CallCounts.ZERO, Map.of(), false);

	public RangeProgress {
		reasons = Map.copyOf(reasons);
	}

	/** Without findings. */
	public RangeProgress(ListingPosition position, EntryCounts counts, CallCounts calls, Map<String, Long> reasons,
			boolean done) {
		this(position, counts, calls, reasons, done, null);
	}

}
