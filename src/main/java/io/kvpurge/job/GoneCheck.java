package io.kvpurge.job;

import java.util.ArrayList;
import java.util.List;

import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.ledger.RunId;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyReader;
import io.kvpurge.store.TransientStoreException;

/**
 * Looks in the store for the keys that are gone by the ledger, one call of a run at a
 * time.
 */
final class GoneCheck {

	/** So many of the keys that are there are named. */
	private static final int SAMPLE = 10;

	private final DeletionLedger ledger;

	private final KeyReader reader;

	private final StopSignal stop;

	private final List<Key> sample = new ArrayList<>();

	private long gone;

	private long there;

	/**
	 * @param reader reads as many keys as it is asked for
	 */
	GoneCheck(DeletionLedger ledger, KeyReader reader, StopSignal stop) {
		this.ledger = ledger;
		this.reader = reader;
		this.stop = stop;
	}

	/**
	 * Looks for all of them.
	 * @throws TransientStoreException if a stop is requested
	 * @throws io.kvpurge.store.StoreException if the store cannot be read
	 */
	GoneKeys check(RunId run) {
		this.ledger.calls(run, this::check);
		return new GoneKeys(this.gone, this.there, this.sample);
	}

	private void check(LedgerCall call) {
		if (this.stop.isRequested()) {
			throw new TransientStoreException("stopped while looking for deleted keys", null, null);
		}
		List<Key> keys = call.keys(Outcome::isGone);
		if (keys.isEmpty()) {
			return;
		}
		List<KeyEntry> found = this.reader.find(keys);
		this.gone += keys.size();
		this.there += found.size();
		found.stream().limit(SAMPLE - (long) this.sample.size()).map(KeyEntry::key).forEach(this.sample::add);
	}

}
