package io.kvpurge.store;

import java.util.List;

/** Writes entries. Safe for use by several threads. */
public interface KeyWriter {

	/**
	 * Writes the entries, replacing those that are there. Done as a whole or not at all
	 * for up to {@link StoreCapabilities#bulkLimit()} entries; more are written in
	 * several calls.
	 * @throws UnsupportedOperationException in plain words, if the store cannot keep what
	 * an entry holds (a value where there is no place for one, say)
	 * @throws TransientStoreException if writing again may help
	 * @throws StoreException if it will not
	 */
	void write(List<KeyValue> entries);

}
