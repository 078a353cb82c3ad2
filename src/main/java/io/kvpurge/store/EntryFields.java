package io.kvpurge.store;

import java.util.Set;

/**
 * What is asked of an entry beside its key: a store that must read each part by itself
 * reads no other.
 *
 * @param metadata the metadata fields, as dotted paths
 * @param allMetadata whether metadata is looked at as a whole
 * @param expiration whether the expiration is looked at
 */
public record EntryFields(Set<String> metadata, boolean allMetadata, boolean expiration) {

	/** Everything. */
	public static final EntryFields ALL = new EntryFields(Set.of(), true, true);

	public EntryFields {
		metadata = Set.copyOf(metadata);
	}

}
