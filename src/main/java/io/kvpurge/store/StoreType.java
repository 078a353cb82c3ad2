package io.kvpurge.store;

import java.util.List;

/**
 * A kind of store, provided as a service: what a definition's {@code store.type} names.
 * Implementations have a public constructor without arguments.
 */
public interface StoreType {

	/** As spelt in a definition. */
	String name();

	/** The fields that a definition may give beside {@code type}. */
	List<StoreOption> options();

	/**
	 * Opens the store and looks whether it can be used as described; changes nothing.
	 * @throws InvalidStoreException if a person must change the definition or the store
	 * @throws StoreException if it cannot be reached
	 */
	KeyValueStore open(StoreOptions options);

	/**
	 * Makes what is missing for entries to be written (a table, say), then opens the
	 * store.
	 * @throws StoreException as {@link #open}
	 */
	default KeyValueStore create(StoreOptions options) {
		return open(options);
	}

}
