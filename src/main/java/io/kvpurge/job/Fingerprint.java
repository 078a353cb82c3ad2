package io.kvpurge.job;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

import io.kvpurge.store.Key;

/**
 * 128 bits of a key's SHA-256: among a billion keys two have the same with a probability
 * of less than one in 10^20, and nobody can make two that do.
 *
 * @param high the first half
 * @param low the second half; both are 0 for no key
 */
record Fingerprint(long high, long low) {

	/** In bytes. */
	static final int SIZE = 16;

	boolean isNone() {
		return this.high == 0 && this.low == 0;
	}

	/** Takes fingerprints; confined to one thread. */
	static final class Taker {

		private final MessageDigest digest;

		Taker() {
			try {
				this.digest = MessageDigest.getInstance("SHA-256");
			}
			catch (NoSuchAlgorithmException ex) {
				throw new IllegalStateException(ex);
			}
		}

		Fingerprint of(Key key) {
			byte[] hash = this.digest.digest(key.bytes());
			long low = number(hash, 8);
			return new Fingerprint(number(hash, 0), (low != 0) ? low : 1);
		}

		private static long number(byte[] bytes, int from) {
			long number = 0;
			for (int i = from; i < from + Long.BYTES; i++) {
				number = (number << Byte.SIZE) | (bytes[i] & 0xff);
			}
			return number;
		}

	}

}
