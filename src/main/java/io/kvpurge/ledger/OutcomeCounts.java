package io.kvpurge.ledger;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How often each outcome stands in a call; those of a call that puts back count with
 * their {@linkplain Outcome#counted() counterparts}.
 *
 * @param deleted gone by the call
 * @param inferred found gone when the call was looked into
 * @param vanished gone before the call
 * @param spared rewritten before the call
 * @param refused not deleted by the store
 * @param left to be judged again
 */
public record OutcomeCounts(int deleted, int inferred, int vanished, int spared, int refused, int left) {

	public static OutcomeCounts of(List<KeyOutcome> outcomes) {
		Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
		outcomes.forEach((outcome) -> counts.merge(outcome.outcome().counted(), 1, Integer::sum));
		return new OutcomeCounts(count(counts, Outcome.DELETED), count(counts, Outcome.INFERRED),
				count(counts, Outcome.VANISHED), count(counts, Outcome.SPARED), count(counts, Outcome.REFUSED),
				count(counts, Outcome.LEFT));
	}

	private static int count(Map<Outcome, Integer> counts, Outcome outcome) {
		return counts.getOrDefault(outcome, 0);
	}

	/** Gone by the call, seen or inferred. */
	public int allDeleted() {
		return this.deleted + this.inferred;
	}

}
