package io.kvpurge.job;

import java.util.Map;

import org.junit.jupiter.api.Test;

import io.kvpurge.filter.Decision;
import io.kvpurge.filter.Verdict;
import io.kvpurge.ledger.EntryCounts;

import static org.assertj.core.api.Assertions.assertThat;

class JudgedTests {

	private static final Judged NOTHING = Judged.of(EntryCounts.ZERO, Map.of());

	private static Decision undecided(String reason) {
		return new Decision(Verdict.UNDECIDED, reason);
	}

	@Test
	void eachVerdictIsCountedAsWhatItIs() {
		Judged judged = NOTHING.and(Decision.UNMATCHED)
			.and(Decision.HELD)
			.and(Decision.PROTECTED)
			.and(undecided("why"))
			.and(undecided("why"))
			.and(undecided("why"))
			.and(Decision.MATCHED)
			.and(Decision.MATCHED)
			.and(Decision.MATCHED)
			.and(Decision.MATCHED);
		assertThat(judged).isEqualTo(new Judged(1, 2, 3, 4, Map.of("why", 3L, "protected by the configuration", 1L)));
		assertThat(judged.with(5, 6, 7, 8)).isEqualTo(new EntryCounts(10, 1, 2, 3, 4, 5, 6, 7, 8));
	}

	@Test
	void itGoesOnFromWhatWasSaved() {
		Judged saved = Judged.of(new EntryCounts(10, 1, 2, 3, 4, 5, 6, 7, 8), Map.of("why", 3L));
		assertThat(saved.and(undecided("why"))).isEqualTo(new Judged(1, 2, 4, 4, Map.of("why", 4L)));
		assertThat(saved).as("it stays what it was").isEqualTo(new Judged(1, 2, 3, 4, Map.of("why", 3L)));
	}

	@Test
	void moreReasonsThanTwentyAreCountedTogether() {
		Judged judged = NOTHING;
		for (int i = 1; i <= 23; i++) {
			judged = judged.and(undecided("reason " + i));
		}
		judged = judged.and(undecided("reason 20")).and(undecided("reason 21"));
		assertThat(judged.reasons()).hasSize(21)
			.containsEntry("reason 20", 2L)
			.containsEntry("other reasons", 4L)
			.doesNotContainKey("reason 21");
		assertThat(judged.undecided()).isEqualTo(25);
	}

}
