package io.kvpurge.store.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Key;

/**
 * What is shown of what SCAN gave, which may be more than was asked for. Those keys that
 * the caller has no place for are on the next page, which asks for the same part once
 * more and goes on behind the last key that was shown. If the part has changed its bounds
 * meanwhile, since the server has made its table larger or smaller, it is shown from its
 * beginning.
 *
 * @param keys the keys, in their order
 * @param next where the next page begins, null behind the last one
 */
record ScannedPart(List<Key> keys, @Nullable ScanCursor next) {

	private static final int MARGIN = 32;

	/** What to ask for. */
	static ScanArgs arguments(Key prefix, int limit) {
		// SCAN stops at the first place of its table behind so many keys: seldom then are
		// there more than the caller wants.
		ScanArgs arguments = ScanArgs.Builder.limit((limit > 2 * MARGIN) ? limit - MARGIN : limit);
		return (prefix.length() > 0) ? arguments.match(GlobPattern.of(prefix)) : arguments;
	}

	/**
	 * @param scanned what SCAN gave
	 * @param cursor for this cursor
	 * @param belongs whether a key belongs to what is listed
	 * @param limit how many keys are wanted at most
	 */
	static ScannedPart of(KeyScanCursor<byte[]> scanned, ScanCursor cursor, Predicate<Key> belongs, int limit) {
		boolean samePart = scanned.getCursor().equals(cursor.next());
		TreeSet<Key> sorted = new TreeSet<>();
		for (byte[] bytes : scanned.getKeys()) {
			Key key = Key.of(bytes);
			boolean shown = samePart && cursor.after() != null && key.compareTo(cursor.after()) <= 0;
			if (!shown && belongs.test(key)) {
				sorted.add(key);
			}
		}
		List<Key> shown = new ArrayList<>(Math.min(limit, sorted.size()));
		for (Key key : sorted) {
			if (shown.size() == limit) {
				return new ScannedPart(shown,
						new ScanCursor(cursor.runId(), cursor.scan(), scanned.getCursor(), shown.get(limit - 1)));
			}
			shown.add(key);
		}
		return new ScannedPart(shown,
				scanned.isFinished() ? null : new ScanCursor(cursor.runId(), scanned.getCursor(), null, null));
	}

}
