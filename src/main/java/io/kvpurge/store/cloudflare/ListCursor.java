package io.kvpurge.store.cloudflare;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Cursor;
import io.kvpurge.store.CursorRefusedException;
import io.kvpurge.store.Key;

/**
 * Where a page of kvpurge's begins: behind a key of a page of the service, which may be
 * longer than the caller wanted.
 *
 * @param service the cursor of the service's page, empty for its first
 * @param after the key, null for the beginning of that page
 */
record ListCursor(String service, @Nullable Key after) {

	private static final ListCursor START = new ListCursor("", null);

	/** {@code KEY:CURSOR}, the key in base64 as its bytes are anybody's choice. */
	static ListCursor parse(@Nullable Cursor cursor) {
		if (cursor == null) {
			return START;
		}
		int colon = cursor.value().indexOf(':');
		try {
			String key = cursor.value().substring(0, colon);
			return new ListCursor(cursor.value().substring(colon + 1),
					key.isEmpty() ? null : Key.of(Base64.getUrlDecoder().decode(key)));
		}
		catch (IndexOutOfBoundsException | IllegalArgumentException ex) {
			throw new CursorRefusedException("cannot list: the cursor is none of this store's");
		}
	}

	Cursor cursor() {
		String key = (this.after != null) ? this.after.text() : "";
		return new Cursor(Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8))
				+ ":" + this.service);
	}

	/** Before whichever of the two comes later. */
	static @Nullable Key later(@Nullable Key one, @Nullable Key other) {
		return (one == null || (other != null && other.compareTo(one) > 0)) ? other : one;
	}

}
