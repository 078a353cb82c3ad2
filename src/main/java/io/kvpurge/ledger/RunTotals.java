package io.kvpurge.ledger;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The sum over the ranges of a run.
 *
 * @param ranges how many there are
 * @param rangesDone how many of them are done
 * @param counts what became of the entries
 * @param calls what was sent to the store
 * @param reasons why rules could not be decided, with the number of entries, most
 * frequent first
 */
public record RunTotals(int ranges, int rangesDone, EntryCounts counts, CallCounts calls, Map<String, Long> reasons) {

	/** A number that grows with every entry that is dealt with. */
	long progress() {
		return this.rangesDone + this.counts.listed() + this.counts.deleted() + this.counts.vanished()
				+ this.counts.spared() + this.counts.refused();
	}

	/**
	 * The sum over ranges.
	 * @param stage how far the run has come; read before its ranges, as ranges that were
	 * done begin anew with the next one
	 */
	public static RunTotals of(@Nullable RunStage stage, List<LedgerRange> ranges) {
		EntryCounts counts = EntryCounts.ZERO;
		CallCounts calls = CallCounts.ZERO;
		Map<String, Long> reasons = new HashMap<>();
		int done = 0;
		for (LedgerRange range : ranges) {
			RangeProgress progress = range.progress();
			counts = counts.plus(progress.counts());
			calls = calls.plus(progress.calls());
			progress.reasons().forEach((reason, number) -> reasons.merge(reason, number, Long::sum));
			done += progress.done() ? 1 : 0;
		}
		// What was found is not done: else ranges were done twice.
		return new RunTotals(ranges.size(), (stage != RunStage.FINDING) ? done : 0, counts, calls,
				mostFrequentFirst(reasons));
	}

	static Map<String, Long> mostFrequentFirst(Map<String, Long> reasons) {
		Map<String, Long> sorted = new LinkedHashMap<>();
		reasons.entrySet()
			.stream()
			.sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
				.thenComparing(Map.Entry.comparingByKey()))
			.forEach((entry) -> sorted.put(entry.getKey(), entry.getValue()));
		return sorted;
	}

}
