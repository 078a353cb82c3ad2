package io.kvpurge.testkit.cloudflare;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** What requests have done to keys, in the order they did it within a namespace. */
public final class Journal {

	private final boolean kept;

	private final List<Delete> deletes = new ArrayList<>();

	private final List<Write> writes = new ArrayList<>();

	Journal(boolean kept) {
		this.kept = kept;
	}

	/** All deletes so far. */
	public synchronized List<Delete> deletes() {
		return List.copyOf(this.deletes);
	}

	/** All writes by requests so far. */
	public synchronized List<Write> writes() {
		return List.copyOf(this.writes);
	}

	synchronized void deleted(String namespace, String key, long now, long request, @Nullable Version before) {
		if (this.kept) {
			String metadata = (before != null) ? text(before.metadata) : null;
			this.deletes.add(new Delete(namespace, key, Instant.ofEpochMilli(now), request, before != null, metadata));
		}
	}

	synchronized void written(String namespace, String key, long now, long request, byte @Nullable [] metadata) {
		if (this.kept) {
			this.writes.add(new Write(namespace, key, Instant.ofEpochMilli(now), request, text(metadata)));
		}
	}

	static @Nullable String text(byte @Nullable [] bytes) {
		return (bytes != null) ? new String(bytes, StandardCharsets.UTF_8) : null;
	}

	/**
	 * A key that a request deleted.
	 *
	 * @param wasThere whether it really was there then, whatever listings showed
	 * @param metadata JSON text that it really had then
	 */
	public record Delete(String namespace, String key, Instant time, long request, boolean wasThere,
			@Nullable String metadata) {
	}

	/** A key that a request wrote. */
	public record Write(String namespace, String key, Instant time, long request, @Nullable String metadata) {
	}

}
