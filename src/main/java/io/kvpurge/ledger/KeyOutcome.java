package io.kvpurge.ledger;

import org.jspecify.annotations.Nullable;

/**
 * What became of one key.
 *
 * @param outcome what became of it
 * @param reason why, for a refused one; else null
 */
public record KeyOutcome(Outcome outcome, @Nullable String reason) {

	public static KeyOutcome of(Outcome outcome) {
		return new KeyOutcome(outcome, null);
	}

}
