package io.kvpurge.ledger;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.kvpurge.store.Key;

/**
 * The sum over the ranges of a run.
 *
 * @param ranges how many there are
 * @param rangesDone how many of them are done
 * @param counts what became of the entries
 * @param calls what was sent to the store
 * @param reasons why rules could not be decided, with the number of entries, most
 * frequent first
 * @param prefixes how many entries match under each prefix that was listed
 * @param findings what a plan found, most frequent values first
 */
public record RunTotals(int ranges, int rangesDone, EntryCounts counts, CallCounts calls, Map<String, Long> reasons,
		Map<Key, Long> prefixes, Findings findings) {

	/** Of a run that found nothing, as far as prefixes and metadata go. */
	public RunTotals(int ranges, int rangesDone, EntryCounts counts, CallCounts calls, Map<String, Long> reasons) {
		this(ranges, rangesDone, counts, calls, reasons, Map.of(), Findings.NONE);
	}

	/** A number that grows with every entry that is dealt with. */
	long progress() {
		return this.rangesDone + this.counts.listed();
	}

	static RunTotals of(List<LedgerRange> ranges) {
		EntryCounts counts = EntryCounts.ZERO;
		CallCounts calls = CallCounts.ZERO;
		Map<String, Long> reasons = new HashMap<>();
		Map<Key, Long> prefixes = new TreeMap<>();
		Findings findings = Findings.NONE;
		int done = 0;
		for (LedgerRange range : ranges) {
			RangeProgress progress = range.progress();
			counts = counts.plus(progress.counts());
			calls = calls.plus(progress.calls());
			progress.reasons().forEach((reason, number) -> reasons.merge(reason, number, Long::sum));
			prefixes.merge(range.bounds().prefix(), progress.counts().matched(), Long::sum);
			findings = (progress.findings() != null) ? findings.plus(progress.findings()) : findings;
			done += progress.done() ? 1 : 0;
		}
		return new RunTotals(ranges.size(), done, counts, calls, mostFrequentFirst(reasons), prefixes,
				mostFrequentFirst(findings));
	}

	private static Findings mostFrequentFirst(Findings findings) {
		Map<String, Map<String, Long>> sorted = new HashMap<>();
		findings.values().forEach((field, counts) -> sorted.put(field, mostFrequentFirst(counts)));
		return new Findings(sorted, findings.sample());
	}

	private static Map<String, Long> mostFrequentFirst(Map<String, Long> reasons) {
		Map<String, Long> sorted = new LinkedHashMap<>();
		reasons.entrySet()
			.stream()
			.sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
				.thenComparing(Map.Entry.comparingByKey()))
			.forEach((entry) -> sorted.put(entry.getKey(), entry.getValue()));
		return sorted;
	}

}
