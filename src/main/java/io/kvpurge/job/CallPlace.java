package io.kvpurge.job;

import io.kvpurge.store.Cursor;

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

	Cursor cursor() {
		return new Cursor(this.sequence + ":" + this.index);
	}

}
