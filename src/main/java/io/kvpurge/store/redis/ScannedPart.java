package io.kvpurge.store.redis;

import java.util.List;
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
		Key after = samePart ? cursor.after() : null;
		List<Key> sorted = scanned.getKeys()
			.stream()
			.map(Key::of)
			.filter((key) -> (after == null || key.compareTo(after) > 0) && belongs.test(key))
			.sorted()
			.distinct()
			.toList();
		if (sorted.size() > limit) {
			return new ScannedPart(sorted.subList(0, limit),
					new ScanCursor(cursor.runId(), cursor.scan(), scanned.getCursor(), sorted.get(limit - 1)));
		}
		return new ScannedPart(sorted,
				scanned.isFinished() ? null : new ScanCursor(cursor.runId(), scanned.getCursor(), null, null));
	}

}
