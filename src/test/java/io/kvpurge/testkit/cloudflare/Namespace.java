package io.kvpurge.testkit.cloudflare;

import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/** The keys of a namespace, in the order of their bytes. */
final class Namespace {

	private final String id;

	private final String title;

	/**
	 * How long a deleted key is still walked through by listings, in milliseconds.
	 */
	private final long retention;

	/** How many milliseconds the next change is hidden. */
	private final LongSupplier delay;

	/** Read without the lock, changed under it. */
	private final ConcurrentSkipListMap<byte[], Version> keys = new ConcurrentSkipListMap<>(Arrays::compareUnsigned);

	Namespace(String id, String title, long retention, LongSupplier delay) {
		this.id = id;
		this.title = title;
		this.retention = retention;
		this.delay = delay;
	}

	String id() {
		return this.id;
	}

	String title() {
		return this.title;
	}

	/** For everybody to see at once. */
	void set(byte[] name, byte[] value, byte @Nullable [] metadata, long expiration) {
		synchronized (this) {
			this.keys.put(name, new Version(value, metadata, expiration, 0, null));
		}
	}

	/** For everybody to see at once. */
	void remove(byte[] name) {
		synchronized (this) {
			this.keys.remove(name);
		}
	}

	/**
	 * Writes as a request does.
	 * @param journal called with nothing else going on in this namespace
	 */
	void write(byte[] name, byte[] value, byte @Nullable [] metadata, long expiration, long now, Runnable journal) {
		synchronized (this) {
			this.keys.put(name,
					new Version(value, metadata, expiration, now + this.delay.getAsLong(), past(name, now)));
			journal.run();
		}
	}

	/**
	 * Deletes as a request does.
	 * @param journal is told what was there, null if nothing; called with nothing else
	 * going on in this namespace
	 */
	void delete(byte[] name, long now, JournalOfDelete journal) {
		synchronized (this) {
			Version old = this.keys.get(name);
			long hidden = this.delay.getAsLong();
			if (old != null && old.value != null) {
				if (hidden == 0 && this.retention == 0) {
					this.keys.remove(name);
				}
				else {
					this.keys.put(name, new Version(null, null, 0, now + hidden, past(name, now)));
				}
			}
			journal.deleted((old != null && old.isThere(now)) ? old : null);
		}
	}

	/** What may still be shown of a key that changes now. */
	private @Nullable Version past(byte[] name, long now) {
		Version old = this.keys.get(name);
		if (old == null || old.before == null || old.visibleFrom > now) {
			return old;
		}
		return new Version(old.value, old.metadata, old.expiration, old.visibleFrom, null);
	}

	/** What a reader is shown, which may be old. */
	@Nullable Version seen(byte[] name, long now) {
		Version latest = this.keys.get(name);
		return (latest != null) ? latest.seen(now) : null;
	}

	/** What is true. */
	@Nullable Version truth(byte[] name, long now) {
		Version latest = this.keys.get(name);
		return (latest != null && latest.isThere(now)) ? latest : null;
	}

	/** All that is true, in order. */
	void truth(long now, BiConsumer<byte[], Version> keys) {
		this.keys.forEach((name, version) -> {
			if (version.isThere(now)) {
				keys.accept(name, version);
			}
		});
	}

	/**
	 * Walks through names that begin with the prefix, after a position.
	 * @param steps how many keys may be walked through, whether or not they can be seen
	 * @param keys is given those that can be seen
	 * @return where the walk stopped, null if at the end
	 */
	byte @Nullable [] walk(byte[] prefix, byte[] after, int steps, long now, BiConsumer<byte[], Version> keys) {
		NavigableMap<byte[], Version> rest = (Arrays.compareUnsigned(after, prefix) < 0)
				? this.keys.tailMap(prefix, true) : this.keys.tailMap(after, false);
		byte[] position = after;
		int walked = 0;
		for (Map.Entry<byte[], Version> entry : rest.entrySet()) {
			byte[] name = entry.getKey();
			if (!startsWith(name, prefix)) {
				return null;
			}
			if (forgotten(name, entry.getValue(), now)) {
				continue;
			}
			if (walked == steps) {
				return position;
			}
			walked++;
			position = name;
			Version seen = entry.getValue().seen(now);
			if (seen != null) {
				keys.accept(name, seen);
			}
		}
		return null;
	}

	/** Whether it was deleted so long ago that nothing is left of it. */
	private boolean forgotten(byte[] name, Version version, long now) {
		return version.value == null && version.visibleFrom + this.retention < now && this.keys.remove(name, version);
	}

	private static boolean startsWith(byte[] name, byte[] prefix) {
		return name.length >= prefix.length && Arrays.equals(name, 0, prefix.length, prefix, 0, prefix.length);
	}

	/** Is told of a key that a request deleted. */
	interface JournalOfDelete {

		void deleted(@Nullable Version before);

	}

}
