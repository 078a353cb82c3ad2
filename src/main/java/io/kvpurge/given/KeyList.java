package io.kvpurge.given;

import java.util.List;
import java.util.function.Consumer;

import io.kvpurge.store.Key;

/**
 * Keys that are named where they are used.
 *
 * @param keys the keys, none of them empty
 */
public record KeyList(List<Key> keys) implements KeySource {

	public KeyList {
		keys = List.copyOf(keys);
		if (keys.stream().anyMatch((key) -> key.length() == 0)) {
			throw new IllegalArgumentException("a key is empty");
		}
	}

	@Override
	public void forEach(Consumer<Key> reader) {
		this.keys.forEach(reader);
	}

	@Override
	public String described() {
		return "the list of keys";
	}

}
