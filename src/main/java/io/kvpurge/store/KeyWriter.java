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

	/**
	 * Writes those of the entries whose keys are not there. What is written meanwhile by
	 * somebody else is left alone only where the store can do
	 * {@link StoreCapability#CONDITIONAL_WRITE}; elsewhere it may be overwritten. A
	 * failure is as that of {@link #write}; adding again shows as there what the first
	 * time has written.
	 * @return the keys that are there, and were left as they are
	 * @throws UnsupportedOperationException as {@link #write}
	 * @throws TransientStoreException if looking and adding again may help
	 * @throws StoreException if it will not
	 */
	List<Key> add(List<KeyValue> entries);

}
