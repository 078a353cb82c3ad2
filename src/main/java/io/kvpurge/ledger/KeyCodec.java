package io.kvpurge.ledger;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

import io.kvpurge.store.Key;

/**
 * Packs the keys of a call: each as the number of bytes that it shares with the one
 * before it, the number of its other bytes, and those; all deflated. Listed keys are
 * sorted in most stores, so that little is left of them.
 */
final class KeyCodec {

	private static final byte[] NONE = {};

	private KeyCodec() {
	}

	static byte[] pack(List<Key> keys) {
		ByteArrayOutputStream plain = new ByteArrayOutputStream(keys.size() * 24);
		byte[] previous = NONE;
		for (Key key : keys) {
			byte[] bytes = key.bytes();
			int mismatch = Arrays.mismatch(previous, bytes);
			int shared = (mismatch < 0) ? bytes.length : mismatch;
			writeNumber(plain, shared);
			writeNumber(plain, bytes.length - shared);
			plain.write(bytes, shared, bytes.length - shared);
			previous = bytes;
		}
		return deflate(plain.toByteArray());
	}

	/**
	 * The inverse of {@link #pack}.
	 * @throws IllegalArgumentException if the bytes are not what was packed
	 */
	static List<Key> unpack(ByteBuffer packed) {
		byte[] plain = inflate(packed);
		List<Key> keys = new ArrayList<>();
		Reading reading = new Reading(plain);
		byte[] previous = NONE;
		while (reading.position < plain.length) {
			int shared = reading.number();
			int rest = reading.number();
			if (shared < 0 || rest < 0 || shared > previous.length || rest > plain.length - reading.position) {
				throw new IllegalArgumentException("the packed keys are damaged");
			}
			byte[] bytes = Arrays.copyOf(previous, shared + rest);
			System.arraycopy(plain, reading.position, bytes, shared, rest);
			reading.position += rest;
			keys.add(Key.of(bytes));
			previous = bytes;
		}
		return keys;
	}

	private static void writeNumber(ByteArrayOutputStream out, int number) {
		int rest = number;
		while (rest > 0x7f) {
			out.write((rest & 0x7f) | 0x80);
			rest >>>= 7;
		}
		out.write(rest);
	}

	private static byte[] deflate(byte[] plain) {
		Deflater deflater = new Deflater(Deflater.BEST_SPEED);
		try {
			deflater.setInput(plain);
			deflater.finish();
			ByteArrayOutputStream packed = new ByteArrayOutputStream(plain.length / 3 + 64);
			byte[] buffer = new byte[8192];
			while (!deflater.finished()) {
				packed.write(buffer, 0, deflater.deflate(buffer));
			}
			return packed.toByteArray();
		}
		finally {
			deflater.end();
		}
	}

	private static byte[] inflate(ByteBuffer packed) {
		Inflater inflater = new Inflater();
		try {
			inflater.setInput(packed.duplicate());
			ByteArrayOutputStream plain = new ByteArrayOutputStream(packed.remaining() * 4 + 64);
			byte[] buffer = new byte[8192];
			while (!inflater.finished()) {
				int count = inflater.inflate(buffer);
				if (count == 0 && !inflater.finished()) {
					throw new IllegalArgumentException("the packed keys are cut off");
				}
				plain.write(buffer, 0, count);
			}
			if (inflater.getRemaining() > 0) {
				throw new IllegalArgumentException("the packed keys are followed by something else");
			}
			return plain.toByteArray();
		}
		catch (DataFormatException ex) {
			throw new IllegalArgumentException("the packed keys are damaged", ex);
		}
		finally {
			inflater.end();
		}
	}

	/** A place in bytes. */
	private static final class Reading {

		private final byte[] bytes;

		private int position;

		Reading(byte[] bytes) {
			this.bytes = bytes;
		}

		int number() {
			int number = 0;
			for (int shift = 0; shift < 35; shift += 7) {
				if (this.position == this.bytes.length) {
					break;
				}
				byte next = this.bytes[this.position++];
				number |= (next & 0x7f) << shift;
				if (next >= 0) {
					return number;
				}
			}
			throw new IllegalArgumentException("the packed keys are damaged");
		}

	}

}
