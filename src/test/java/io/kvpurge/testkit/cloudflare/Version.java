package io.kvpurge.testkit.cloudflare;

import org.jspecify.annotations.Nullable;

/**
 * What a key was from a moment on, and behind it what it was before. Plain fields, as
 * there are ten million of them.
 */
final class Version {

	/** Null if the key was deleted. */
	final byte @Nullable [] value;

	/** JSON text. */
	final byte @Nullable [] metadata;

	/** UNIX seconds, 0 for never. */
	final long expiration;

	/** UNIX milliseconds; until then readers are shown what was before. */
	final long visibleFrom;

	final @Nullable Version before;

	Version(byte @Nullable [] value, byte @Nullable [] metadata, long expiration, long visibleFrom,
			@Nullable Version before) {
		this.value = value;
		this.metadata = metadata;
		this.expiration = expiration;
		this.visibleFrom = visibleFrom;
		this.before = before;
	}

	/** Whether the key is there, as far as this version goes. */
	boolean isThere(long now) {
		return this.value != null && (this.expiration == 0 || this.expiration * 1000 > now);
	}

	/** What a reader sees now, null if no key. */
	@Nullable Version seen(long now) {
		for (Version version = this; version != null; version = version.before) {
			if (version.visibleFrom <= now) {
				return version.isThere(now) ? version : null;
			}
		}
		return null;
	}

}
