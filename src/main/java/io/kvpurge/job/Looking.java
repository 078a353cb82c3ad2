package io.kvpurge.job;

import java.util.List;
import java.util.Map;

import io.kvpurge.ledger.Outcome;
import io.kvpurge.store.Key;

/** Finds out what a call whose answer was lost has done, without doing it again. */
interface Looking {

	/**
	 * Looks at what is in the store now.
	 * @param work the range of the call, rewound
	 * @param doubtful the keys
	 * @return for each key what the call has done, {@link Outcome#LEFT} for nothing
	 * @throws io.kvpurge.store.StoreException if the store cannot be read
	 */
	Map<Key, Outcome> look(RangeWork work, List<Key> doubtful);

}
