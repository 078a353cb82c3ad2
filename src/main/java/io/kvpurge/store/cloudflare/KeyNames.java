package io.kvpurge.store.cloudflare;

import io.kvpurge.store.Key;

/** Which names keys may have. */
final class KeyNames {

	private static final int LONGEST = 512;

	private KeyNames() {
	}

	/**
	 * Whether there may be a key of this name: for all others there is nothing to ask.
	 */
	static boolean holds(Key key) {
		return key.isText() && key.length() > 0 && key.length() <= LONGEST && !key.text().equals(".")
				&& !key.text().equals("..");
	}

	/** Why there is no key of this name. */
	static String refusal(Key key) {
		if (!key.isText()) {
			return "a key has to be UTF-8 text";
		}
		return (key.length() > LONGEST) ? "a key has at most " + LONGEST + " bytes"
				: "a key cannot be empty, \".\" or \"..\"";
	}

}
