package io.kvpurge.store;

import java.util.List;

/** Writes entries. Safe for use by several threads. */
public interface KeyWriter {

	/**
	 * Writes the entries, replacing those that are there. After a failure, some of them
	 * may have been written, unless the store does it in transactions: then none of up to
	 * {@link StoreCapabilities#bulkLimit()} entries, or all. More are written in several
	 * calls. Writing again is harmless.
	 * @throws UnsupportedOperationException in plain words, if the store cannot keep what
	 * an entry holds (a value where there is no place for one, say)
	 * @throws TransientStoreException if writing again may help
	 * @throws StoreException if it will not
	 */
	void write(List<KeyValue> entries);

}
