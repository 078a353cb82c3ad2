package io.kvpurge.store.redis;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Cursor;
import io.kvpurge.store.CursorRefusedException;
import io.kvpurge.store.Key;

/**
 * Where a page begins: at a cursor of SCAN, or within what SCAN gave for one, which may
 * be more than the caller wanted.
 *
 * @param runId of the server that gave it; another one sorts its keys otherwise
 * @param scan SCAN's cursor
 * @param next the cursor that SCAN gave with it, null at its beginning
 * @param after the last key that was shown of what SCAN gave, in the order of keys, null
 * at its beginning
 */
record ScanCursor(String runId, String scan, @Nullable String next, @Nullable Key after) {

	static ScanCursor start(String runId) {
		return new ScanCursor(runId, "0", null, null);
	}

	static ScanCursor parse(Cursor cursor) {
		String[] parts = cursor.value().split(":", -1);
		try {
			if (parts.length == 2) {
				return new ScanCursor(parts[0], parts[1], null, null);
			}
			if (parts.length == 4) {
				return new ScanCursor(parts[0], parts[1], parts[2], Key.ofBase64(parts[3]));
			}
		}
		catch (IllegalArgumentException ex) {
			// told below
		}
		throw new CursorRefusedException("cannot list: the cursor is none of this store's");
	}

	Cursor cursor() {
		String start = this.runId + ":" + this.scan;
		return new Cursor((this.after != null) ? start + ":" + this.next + ":" + this.after.base64() : start);
	}

}
