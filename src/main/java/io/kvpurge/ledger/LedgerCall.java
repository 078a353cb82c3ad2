package io.kvpurge.ledger;

import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Key;

/**
 * A bulk delete: announced before it is sent, settled after.
 *
 * @param run the run
 * @param range the range's number
 * @param sequence counted from 1 within the range
 * @param attempt the run's attempt that announced it
 * @param keys the keys in the order in which they were listed
 * @param announcedAt when it was announced
 * @param settledAt when it was settled, null while it is in doubt
 * @param outcomes one for each key, empty while it is in doubt
 * @param announcedHash chains it to the call before it in the range, hex
 * @param settledHash covers the outcomes as well, null while it is in doubt
 */
public record LedgerCall(RunId run, int range, int sequence, int attempt, List<Key> keys, Instant announcedAt,
		@Nullable Instant settledAt, List<KeyOutcome> outcomes, String announcedHash, @Nullable String settledHash) {

	public LedgerCall {
		keys = List.copyOf(keys);
		outcomes = List.copyOf(outcomes);
	}

	/** Whether it says that keys were found, and nothing was sent. */
	public boolean isPlanned() {
		return !this.outcomes.isEmpty() && this.outcomes.get(0).outcome() == Outcome.PLANNED;
	}

	/** Those of the keys that came to such an outcome; none while it is in doubt. */
	public List<Key> keys(Predicate<Outcome> wanted) {
		return IntStream.range(0, this.outcomes.size())
			.filter((index) -> wanted.test(this.outcomes.get(index).outcome()))
			.mapToObj(this.keys::get)
			.toList();
	}

}
