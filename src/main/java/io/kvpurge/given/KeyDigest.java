package io.kvpurge.given;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import io.kvpurge.store.Key;

/**
 * What keys somebody named.
 *
 * @param keys how many, repetitions included
 * @param hash over each of them in its order, hex
 */
public record KeyDigest(long keys, String hash) {

	/** Takes the keys in. */
	static final class Builder {

		private final MessageDigest digest = sha256();

		private long keys;

		void add(Key key) {
			byte[] bytes = key.bytes();
			this.digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
			this.digest.update(bytes);
			this.keys++;
		}

		KeyDigest build() {
			return new KeyDigest(this.keys, HexFormat.of().formatHex(this.digest.digest()));
		}

		private static MessageDigest sha256() {
			try {
				return MessageDigest.getInstance("SHA-256");
			}
			catch (NoSuchAlgorithmException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
