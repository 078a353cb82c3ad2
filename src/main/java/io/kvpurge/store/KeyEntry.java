package io.kvpurge.store;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * One entry as a listing shows it: everything but the value.
 *
 * @param key its name
 * @param metadata what stands beside the value
 * @param expiration when the store will drop it by itself, null for never or unknown
 * @param version what the adapter needs for {@link StoreCapability#CONDITIONAL_DELETE},
 * null where it needs nothing
 */
public record KeyEntry(Key key, Metadata metadata, @Nullable Instant expiration, @Nullable Version version) {

	/** The same, with {@linkplain Metadata#readOnce() metadata that are read once}. */
	public KeyEntry withMetadataReadOnce() {
		return this.metadata.isRead() ? this
				: new KeyEntry(this.key, this.metadata.readOnce(), this.expiration, this.version);
	}

	/** An entry with neither metadata nor expiration nor version. */
	public static KeyEntry of(Key key) {
		return new KeyEntry(key, Metadata.ABSENT, null, null);
	}

}
