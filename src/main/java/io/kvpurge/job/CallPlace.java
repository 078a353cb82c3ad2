package io.kvpurge.job;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Cursor;
import io.kvpurge.store.Key;

/**
 * The place of a key in the calls of a range, as a cursor: {@code SEQUENCE:INDEX}.
 *
 * @param sequence which call
 * @param index which key of it, counted from 0
 */
record CallPlace(int sequence, int index) {

	static CallPlace of(Cursor cursor) {
		String[] parts = cursor.value().split(":", -1);
		return new CallPlace(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
	}

	/**
	 * The keys of the page that begins here.
	 * @param keys all those of its call
	 * @param passed the last of the page that was dealt with, null if none was
	 * @param limit how many a page has at most
	 */
	List<Key> page(List<Key> keys, @Nullable Key passed, int limit) {
		List<Key> page = keys.subList(this.index, end(keys, limit));
		return (passed != null) ? page.subList(page.indexOf(passed) + 1, page.size()) : page;
	}

	/**
	 * The place behind that page.
	 * @param step from a call to the next
	 */
	CallPlace behind(List<Key> keys, int limit, int step) {
		int end = end(keys, limit);
		return (end < keys.size()) ? new CallPlace(this.sequence, end) : new CallPlace(this.sequence + step, 0);
	}

	private int end(List<Key> keys, int limit) {
		return Math.min(this.index + limit, keys.size());
	}

	Cursor cursor() {
		return new Cursor(this.sequence + ":" + this.index);
	}

}
