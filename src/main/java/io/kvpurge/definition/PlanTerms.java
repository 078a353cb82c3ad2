package io.kvpurge.definition;

import java.time.Duration;

/**
 * What a definition says of its plans.
 *
 * @param approvalRequired whether only a plan that somebody has reviewed may be applied,
 * and nothing else may be run
 * @param validFor how long after it was made a plan may be applied
 */
public record PlanTerms(boolean approvalRequired, Duration validFor) {

	/** What holds where nothing is said. */
	public static final PlanTerms DEFAULT = new PlanTerms(false, Duration.ofHours(24));

	public PlanTerms {
		if (validFor.isZero() || validFor.isNegative()) {
			throw new IllegalArgumentException("a plan is valid for longer than nothing");
		}
	}

}
