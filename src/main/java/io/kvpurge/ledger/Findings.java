package io.kvpurge.ledger;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.kvpurge.store.Key;

/**
 * What was found among the entries that match, or that were deleted.
 *
 * @param values for each metadata field that the rule names, how many entries have which
 * value
 * @param sample a few of the entries, in the order in which they were listed
 */
public record Findings(Map<String, Map<String, Long>> values, List<Sample> sample) {

	/** Nothing found. */
	public static final Findings NONE = new Findings(Map.of(), List.of());

	/** So many entries of a range, and of a run, are shown. */
	public static final int SAMPLE = 10;

	public Findings {
		Map<String, Map<String, Long>> copy = new TreeMap<>();
		values.forEach((field, counts) -> copy.put(field, Collections.unmodifiableMap(new LinkedHashMap<>(counts))));
		values = Collections.unmodifiableMap(copy);
		sample = List.copyOf(sample);
	}

	/** Those of all ranges together, the most frequent values first. */
	static Findings of(List<LedgerRange> ranges) {
		Findings all = NONE;
		for (LedgerRange range : ranges) {
			Findings found = range.progress().findings();
			all = (found != null) ? all.plus(found) : all;
		}
		Map<String, Map<String, Long>> sorted = new TreeMap<>();
		all.values.forEach((field, counts) -> sorted.put(field, RunTotals.mostFrequentFirst(counts)));
		return new Findings(sorted, all.sample);
	}

	/** Both together; of the sample no more than {@link #SAMPLE}. */
	private Findings plus(Findings other) {
		Map<String, Map<String, Long>> sums = new TreeMap<>();
		for (Findings findings : List.of(this, other)) {
			findings.values.forEach((field, counts) -> counts.forEach((value,
					count) -> sums.computeIfAbsent(field, (name) -> new TreeMap<>()).merge(value, count, Long::sum)));
		}
		List<Sample> both = new ArrayList<>(this.sample);
		both.addAll(other.sample.subList(0, Math.min(other.sample.size(), SAMPLE - Math.min(both.size(), SAMPLE))));
		return new Findings(sums, both);
	}

	/**
	 * An entry.
	 *
	 * @param key its key
	 * @param metadata its metadata as JSON, cut off where it is long
	 */
	public record Sample(Key key, String metadata) {
	}

}
