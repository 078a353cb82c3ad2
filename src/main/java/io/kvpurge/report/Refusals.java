package io.kvpurge.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.store.Key;

/**
 * Why the store refused keys, and some of these. However many they are, it keeps a few:
 * the first reasons, the first keys.
 */
final class Refusals {

	private static final int MOST_REASONS = 20;

	private static final int MOST_KEYS = 20;

	/** Each has to be read with its keys. */
	private static final int MOST_CALLS = 500;

	private static final String OTHER = "(other reasons)";

	private final Map<String, Long> reasons = new LinkedHashMap<>();

	private final List<Refused> sample = new ArrayList<>();

	private int calls;

	/** Whether another call would be looked at. */
	boolean hasRoom() {
		return this.calls < MOST_CALLS;
	}

	void add(LedgerCall call) {
		this.calls++;
		for (int i = 0; i < call.outcomes().size(); i++) {
			if (call.outcomes().get(i).outcome() == Outcome.REFUSED) {
				@Nullable String told = call.outcomes().get(i).reason();
				String reason = (told != null) ? told : "no reason told";
				boolean known = this.reasons.containsKey(reason) || this.reasons.size() < MOST_REASONS;
				this.reasons.merge(known ? reason : OTHER, 1L, Long::sum);
				if (this.sample.size() < MOST_KEYS) {
					this.sample.add(new Refused(call.keys().get(i), reason));
				}
			}
		}
	}

	/** How many calls name each reason, with the number of keys. */
	Map<String, Long> reasons() {
		return this.reasons;
	}

	List<Refused> sample() {
		return this.sample;
	}

	/**
	 * A key that was refused.
	 *
	 * @param key the key
	 * @param reason why
	 */
	record Refused(Key key, String reason) {
	}

}
