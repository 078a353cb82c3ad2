package io.kvpurge.testkit.cloudflare;

import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Tokens that stand for positions. Nothing about the position can be read from them, and
 * they hold characters that a URL must encode.
 */
final class Cursors {

	private static final int LENGTH = 66;

	private final Map<String, byte[]> positions = new ConcurrentHashMap<>();

	private final Random random;

	Cursors(Random random) {
		this.random = random;
	}

	String at(byte[] position) {
		byte[] bytes = new byte[LENGTH - 1];
		this.random.nextBytes(bytes);
		String cursor = Base64.getEncoder().encodeToString(bytes);
		this.positions.put(cursor, position);
		return cursor;
	}

	/** Null if it is not known, or no longer. */
	byte @Nullable [] position(String cursor) {
		return this.positions.get(cursor);
	}

	void forget(String cursor) {
		this.positions.remove(cursor);
	}

	void forgetAll() {
		this.positions.clear();
	}

}
