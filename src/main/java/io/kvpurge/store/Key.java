package io.kvpurge.store;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

import org.jspecify.annotations.Nullable;

/**
 * The name of an entry: a sequence of bytes, most often UTF-8 text. Keys are equal when
 * their bytes are, and ordered by unsigned bytes, which for text is the order of code
 * points (and not that of {@link String#compareTo}). Immutable.
 */
public final class Key implements Comparable<Key> {

	private final byte[] bytes;

	/**
	 * Null until it is first asked for, as most keys come and go as bytes, and where
	 * there is none. Threads that race for it make the same.
	 */
	private @Nullable String text;

	/** Of the bytes, 0 before it is first asked for. */
	private int hash;

	private Key(byte[] bytes, @Nullable String text) {
		this.bytes = bytes;
		this.text = text;
	}

	/**
	 * The key of this name.
	 * @throws IllegalArgumentException if the text holds an unpaired surrogate, which no
	 * UTF-8 can carry
	 */
	public static Key of(String text) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		if (hasSurrogate(text) && decode(bytes, text) == null) {
			throw new IllegalArgumentException("no UTF-8 text: it holds an unpaired surrogate");
		}
		return new Key(bytes, text);
	}

	/** The key of these bytes, which are copied and need not be text. */
	public static Key of(byte[] bytes) {
		return new Key(bytes.clone(), null);
	}

	/** The inverse of {@link #base64()}. */
	public static Key ofBase64(String base64) {
		return of(Base64.getDecoder().decode(base64));
	}

	/** Whether the bytes are valid UTF-8. */
	public boolean isText() {
		return textOrNull() != null;
	}

	/**
	 * The key as text.
	 * @throws IllegalStateException if the bytes are no valid UTF-8
	 */
	public String text() {
		String known = textOrNull();
		if (known == null) {
			throw new IllegalStateException("key " + this + " is no UTF-8 text");
		}
		return known;
	}

	private @Nullable String textOrNull() {
		String known = this.text;
		if (known == null) {
			known = decode(this.bytes);
			this.text = known;
		}
		return known;
	}

	/** A copy of the bytes. */
	public byte[] bytes() {
		return this.bytes.clone();
	}

	/** The number of bytes. */
	public int length() {
		return this.bytes.length;
	}

	public String base64() {
		return Base64.getEncoder().encodeToString(this.bytes);
	}

	/** Whether the bytes of {@code prefix} are the first of this key's. */
	public boolean startsWith(Key prefix) {
		int length = prefix.bytes.length;
		return length <= this.bytes.length && Arrays.equals(this.bytes, 0, length, prefix.bytes, 0, length);
	}

	@Override
	public int compareTo(Key other) {
		return Arrays.compareUnsigned(this.bytes, other.bytes);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Key key && Arrays.equals(this.bytes, key.bytes);
	}

	@Override
	public int hashCode() {
		int known = this.hash;
		if (known == 0) {
			known = Arrays.hashCode(this.bytes);
			this.hash = known;
		}
		return known;
	}

	/** The text, or {@code base64:...} where the bytes are no text. For people only. */
	@Override
	public String toString() {
		String known = textOrNull();
		return (known != null) ? known : "base64:" + base64();
	}

	private static boolean hasSurrogate(String text) {
		for (int i = 0; i < text.length(); i++) {
			if (Character.isSurrogate(text.charAt(i))) {
				return true;
			}
		}
		return false;
	}

	private static @Nullable String decode(byte[] bytes, String expected) {
		String decoded = decode(bytes);
		return expected.equals(decoded) ? decoded : null;
	}

	private static @Nullable String decode(byte[] bytes) {
		if (isAscii(bytes)) {
			// Most keys are, and a decoder for each of millions costs.
			return new String(bytes, StandardCharsets.US_ASCII);
		}
		try {
			CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
			return decoded.toString();
		}
		catch (CharacterCodingException ex) {
			return null;
		}
	}

	private static boolean isAscii(byte[] bytes) {
		for (byte next : bytes) {
			if (next < 0) {
				return false;
			}
		}
		return true;
	}

}
