package io.kvpurge.given;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** How a file names keys. */
public enum KeyFileFormat {

	/** One a line. */
	TEXT,

	/** A JSON text, or an object with {@code key} or {@code key64}, on each line. */
	JSONL,

	/** One behind the other, each ended by a byte of zero. */
	NUL;

	/** The format of this name, null if there is none. */
	public static @Nullable KeyFileFormat of(String name) {
		for (KeyFileFormat format : values()) {
			if (format.toString().equals(name)) {
				return format;
			}
		}
		return null;
	}

	/** What the name of a file says. */
	static KeyFileFormat ofFile(String name) {
		String lowerCase = name.toLowerCase(Locale.ROOT);
		return (lowerCase.endsWith(".jsonl") || lowerCase.endsWith(".ndjson")) ? JSONL : TEXT;
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
