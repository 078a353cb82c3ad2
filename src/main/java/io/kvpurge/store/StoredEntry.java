package io.kvpurge.store;

/**
 * An entry as it was at one moment: as a listing shows it, and whole.
 *
 * @param entry what a delete compares, where the store can
 * @param content what can be written again
 */
public record StoredEntry(KeyEntry entry, KeyValue content) {

	public StoredEntry {
		if (!entry.key().equals(content.key())) {
			throw new IllegalArgumentException("an entry has one key");
		}
	}

}
