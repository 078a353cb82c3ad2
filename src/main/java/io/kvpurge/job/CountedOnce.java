package io.kvpurge.job;

import java.time.Instant;
import java.util.List;

import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.KeyOutcome;
import io.kvpurge.store.Key;

/** Sees to it that a range counts each key once. */
interface CountedOnce {

	/** For listings that show each key once. */
	CountedOnce BY_LISTING = new CountedOnce() {
	};

	/**
	 * Whether a key that is shown was counted already.
	 * @param listedAt when its page was asked for; never before that of the call before
	 */
	default boolean isCounted(Key key, Instant listedAt) {
		return false;
	}

	/** One that was not counted before stays. */
	default void stays(Key key) {
	}

	/** One that was not counted before goes. */
	default void goes(Key key) {
	}

	/**
	 * Called before the ledger counts so many.
	 * @param keys of the call that is settled with it, none if there is none
	 * @param outcomes what became of each of them
	 */
	default void save(EntryCounts counts, List<Key> keys, List<KeyOutcome> outcomes) {
	}

	/** What matched up to there was dealt with just now. */
	default void settled(long matched, Instant now) {
	}

	/** Forgets what was judged behind the saved position: it is listed again. */
	default void rewind(long matched) {
	}

}
