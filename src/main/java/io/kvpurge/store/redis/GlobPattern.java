package io.kvpurge.store.redis;

import java.io.ByteArrayOutputStream;

import io.kvpurge.store.Key;

/** The pattern of MATCH for keys that begin with a prefix, byte by byte. */
final class GlobPattern {

	private static final String SPECIAL = "*?[]^-\\";

	private GlobPattern() {
	}

	static byte[] of(Key prefix) {
		ByteArrayOutputStream pattern = new ByteArrayOutputStream();
		for (byte one : prefix.bytes()) {
			if (SPECIAL.indexOf(one) >= 0) {
				pattern.write('\\');
			}
			pattern.write(one);
		}
		pattern.write('*');
		return pattern.toByteArray();
	}

}
