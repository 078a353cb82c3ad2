package io.kvpurge.store;

/**
 * Where a page begins, in the words of the store that gave it: opaque to everyone else,
 * safe to write down.
 *
 * @param value the store's text, never empty
 */
public record Cursor(String value) {

	public Cursor {
		if (value.isEmpty()) {
			throw new IllegalArgumentException("an empty cursor is no cursor");
		}
	}

}
