package io.kvpurge.ledger;

import java.util.List;

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
		int deleted = 0;
		int inferred = 0;
		int vanished = 0;
		int spared = 0;
		int refused = 0;
		int left = 0;
		for (KeyOutcome outcome : outcomes) {
			switch (outcome.outcome().counted()) {
				case DELETED -> deleted++;
				case INFERRED -> inferred++;
				case VANISHED -> vanished++;
				case SPARED -> spared++;
				case REFUSED -> refused++;
				case LEFT -> left++;
				default -> {
					// planned, and not yet dealt with
				}
			}
		}
		return new OutcomeCounts(deleted, inferred, vanished, spared, refused, left);
	}

	/** Gone by the call, seen or inferred. */
	public int allDeleted() {
		return this.deleted + this.inferred;
	}

}
