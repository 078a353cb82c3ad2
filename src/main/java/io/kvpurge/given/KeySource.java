package io.kvpurge.given;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.kvpurge.store.Key;

/** Where keys are named. Read as often as need be, each time from the start. */
public sealed interface KeySource permits KeyList, KeyFile {

	/**
	 * Hands out each key, in the order in which they are named, repetitions included.
	 * @throws KeySourceException if it cannot be read, or names what is no key
	 */
	void forEach(Consumer<Key> reader);

	/** What it is, for people. */
	String described();

	/**
	 * How many keys it names, and which, by meaning and not by layout.
	 * @throws KeySourceException if it cannot be read, or names what is no key
	 */
	default KeyDigest digest() {
		KeyDigest.Builder digest = new KeyDigest.Builder();
		forEach(digest::add);
		return digest.build();
	}

	/**
	 * Whether it names this key.
	 * @throws KeySourceException if it cannot be read, or names what is no key
	 */
	default boolean names(Key key) {
		AtomicBoolean found = new AtomicBoolean();
		forEach((named) -> {
			if (named.equals(key)) {
				found.set(true);
			}
		});
		return found.get();
	}

}
