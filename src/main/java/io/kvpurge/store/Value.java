package io.kvpurge.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/** The value of an entry: bytes that mean nothing to kvpurge. Immutable. */
public final class Value {

	private final byte[] bytes;

	private Value(byte[] bytes) {
		this.bytes = bytes;
	}

	public static Value of(String text) {
		return new Value(text.getBytes(StandardCharsets.UTF_8));
	}

	public static Value of(byte[] bytes) {
		return new Value(bytes.clone());
	}

	/** The number of bytes. */
	public int length() {
		return this.bytes.length;
	}

	public byte[] bytes() {
		return this.bytes.clone();
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Value value && Arrays.equals(this.bytes, value.bytes);
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(this.bytes);
	}

	/** The length only: values are nobody's business. */
	@Override
	public String toString() {
		return "Value[" + this.bytes.length + " bytes]";
	}

}
