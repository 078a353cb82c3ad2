package io.kvpurge.ledger;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.kvpurge.ledger.Findings.Sample;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.ListingPosition;

import static org.assertj.core.api.Assertions.assertThat;

/** Sums over ranges, keys and calls. */
class RunTotalsTests {

	private static final EntryCounts ONE = new EntryCounts(1, 2, 3, 4, 5, 6, 7, 8, 9);

	private static final EntryCounts OTHER = new EntryCounts(10, 20, 30, 40, 50, 60, 70, 80, 90);

	private static LedgerRange range(EntryCounts counts, CallCounts calls, Map<String, Long> reasons, boolean done,
			@Nullable Findings findings) {
		return new LedgerRange(new RunId("cache", 1), 1, KeyRange.of(Key.of("")),
				new RangeProgress(ListingPosition.START, counts, calls, reasons, done, findings));
	}

	private static LedgerRange found(@Nullable Findings findings) {
		return range(EntryCounts.ZERO, CallCounts.ZERO, Map.of(), false, findings);
	}

	private static List<Sample> samples(String name, int count) {
		List<Sample> samples = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			samples.add(new Sample(Key.of(name + i), "{}"));
		}
		return samples;
	}

	@Test
	void eachCountOfARunIsTheSumOfThoseOfItsRanges() {
		RunTotals totals = RunTotals.of(null,
				List.of(range(ONE, new CallCounts(1, 2, 3, 4), Map.of("a", 1L, "b", 2L), true, null),
						range(OTHER, new CallCounts(10, 20, 30, 40), Map.of("b", 5L, "c", 7L, "d", 1L), false, null)));
		assertThat(totals).isEqualTo(new RunTotals(2, 1, new EntryCounts(11, 22, 33, 44, 55, 66, 77, 88, 99),
				new CallCounts(11, 22, 33, 44), Map.of("a", 1L, "b", 7L, "c", 7L, "d", 1L)));
		assertThat(totals.reasons().keySet()).as("the most frequent first").containsExactly("b", "c", "a", "d");
	}

	@Test
	void rangesThatHaveOnlyFoundAreNotDone() {
		List<LedgerRange> ranges = List.of(range(ONE, CallCounts.ZERO, Map.of(), true, null));
		assertThat(RunTotals.of(RunStage.FINDING, ranges).rangesDone()).isZero();
		assertThat(RunTotals.of(RunStage.DELETING, ranges).rangesDone()).isOne();
	}

	@Test
	void findingsOfARunAreThoseOfAllRangesTheMostFrequentFirst() {
		Findings all = Findings
			.of(List.of(found(new Findings(Map.of("tag", Map.of("x", 1L, "y", 2L)), List.of())), found(null),
					found(new Findings(Map.of("tag", Map.of("x", 9L, "z", 1L), "n", Map.of("7", 1L)), List.of()))));
		assertThat(all.values()).isEqualTo(Map.of("n", Map.of("7", 1L), "tag", Map.of("x", 10L, "y", 2L, "z", 1L)));
		assertThat(all.values().get("tag").keySet()).containsExactly("x", "y", "z");
		assertThat(Findings.of(List.of(found(null)))).isEqualTo(Findings.NONE);
	}

	@Test
	void ofManyEntriesTheFirstAreShown() {
		List<Sample> first = samples("a", 7);
		List<Sample> second = samples("b", 7);
		List<Sample> shown = Findings.of(List.of(found(new Findings(Map.of(), first)),
				found(new Findings(Map.of(), second)), found(new Findings(Map.of(), second))))
			.sample();
		assertThat(shown).hasSize(Findings.SAMPLE).startsWith(first.toArray(Sample[]::new));
		assertThat(shown.subList(7, 10)).isEqualTo(second.subList(0, 3));
	}

	@Test
	void findingsAreACopy() {
		Map<String, Long> counts = new LinkedHashMap<>(Map.of("x", 1L));
		Findings findings = new Findings(Map.of("tag", counts), List.of());
		counts.put("y", 1L);
		assertThat(findings.values()).isEqualTo(Map.of("tag", Map.of("x", 1L)));
	}

	@Test
	void eachOutcomeOfACallIsCountedByItsKind() {
		List<KeyOutcome> outcomes = new ArrayList<>();
		Outcome[] all = Outcome.values();
		for (int i = 0; i < all.length; i++) {
			outcomes.addAll(LedgerContract.all(all[i], 1 << i));
		}
		OutcomeCounts counts = OutcomeCounts.of(outcomes);
		assertThat(counts)
			.isEqualTo(new OutcomeCounts(1 + (1 << 7), 2 + (1 << 8), 4 + (1 << 10), 8 + (1 << 9), 16, 32));
		assertThat(counts.allDeleted()).isEqualTo(3 + (1 << 7) + (1 << 8));
	}

}
