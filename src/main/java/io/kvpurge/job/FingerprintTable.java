package io.kvpurge.job;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A set of fingerprints in a file that is mapped into memory: the heap does not grow with
 * it, and where the machine has memory to spare no disk is waited for. It is of no use
 * after its process. Confined to one thread.
 *
 * <p>
 * Open addressing with linear probing. The home of a fingerprint is its first bits, so
 * that growing goes through both tables from one end to the other.
 */
final class FingerprintTable implements AutoCloseable {

	private static final int FIRST_BITS = 12;

	/** A mapping has at most a gigabyte. */
	private static final int SEGMENT_BITS = 26;

	private static final ByteBuffer ZEROS = ByteBuffer.allocate(1 << 20);

	private final Path file;

	private LongBuffer[] segments;

	private int bits;

	private long size;

	/** An empty one; what stood in the file is gone. */
	FingerprintTable(Path file) throws IOException {
		this.file = file;
		this.bits = FIRST_BITS;
		this.segments = map(file, this.bits);
	}

	private static LongBuffer[] map(Path file, int bits) throws IOException {
		Files.deleteIfExists(file);
		long bytes = (1L << bits) * Fingerprint.SIZE;
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
				StandardOpenOption.WRITE)) {
			// A disk that is full must say so here, not when a page is written back.
			for (long written = 0; written < bytes;) {
				ByteBuffer part = ZEROS.duplicate();
				part.limit((int) Math.min(part.capacity(), bytes - written));
				written += channel.write(part);
			}
			int segmentBits = Math.min(bits, SEGMENT_BITS);
			LongBuffer[] segments = new LongBuffer[1 << (bits - segmentBits)];
			long segmentBytes = (1L << segmentBits) * Fingerprint.SIZE;
			for (int i = 0; i < segments.length; i++) {
				segments[i] = channel.map(FileChannel.MapMode.READ_WRITE, i * segmentBytes, segmentBytes)
					.asLongBuffer();
			}
			return segments;
		}
	}

	boolean isEmpty() {
		return this.size == 0;
	}

	boolean contains(Fingerprint wanted) {
		return !at(slotOf(wanted)).isNone();
	}

	/** Adds one that is not there. */
	void add(Fingerprint added) throws IOException {
		if (++this.size > (1L << this.bits) / 5 * 3) {
			grow();
		}
		put(slotOf(added), added);
	}

	/** Removes one that is there, and closes the gap. */
	void remove(Fingerprint removed) {
		long gap = slotOf(removed);
		this.size--;
		for (long slot = next(gap);; slot = next(slot)) {
			Fingerprint moved = at(slot);
			if (moved.isNone()) {
				put(gap, moved);
				return;
			}
			// It may stand in the gap only if its home does not lie behind it.
			if (distance(home(moved), slot) >= distance(gap, slot)) {
				put(gap, moved);
				gap = slot;
			}
		}
	}

	/** Where it stands, or would stand. */
	private long slotOf(Fingerprint wanted) {
		long slot = home(wanted);
		for (Fingerprint found = at(slot); !found.isNone() && !found.equals(wanted); found = at(slot)) {
			slot = next(slot);
		}
		return slot;
	}

	private long home(Fingerprint fingerprint) {
		return fingerprint.high() >>> (Long.SIZE - this.bits);
	}

	private long next(long slot) {
		return (slot + 1) & ((1L << this.bits) - 1);
	}

	private long distance(long from, long to) {
		return (to - from) & ((1L << this.bits) - 1);
	}

	private Fingerprint at(long slot) {
		return at(this.segments, slot);
	}

	private static Fingerprint at(LongBuffer[] segments, long slot) {
		LongBuffer segment = segments[(int) (slot >>> SEGMENT_BITS)];
		int index = ((int) slot & ((1 << SEGMENT_BITS) - 1)) * 2;
		return new Fingerprint(segment.get(index), segment.get(index + 1));
	}

	private void put(long slot, Fingerprint fingerprint) {
		LongBuffer segment = this.segments[(int) (slot >>> SEGMENT_BITS)];
		int index = ((int) slot & ((1 << SEGMENT_BITS) - 1)) * 2;
		segment.put(index, fingerprint.high());
		segment.put(index + 1, fingerprint.low());
	}

	private void grow() throws IOException {
		LongBuffer[] before = this.segments;
		long slots = 1L << this.bits;
		this.bits++;
		// The old file lives on, without a name, for as long as it is mapped.
		this.segments = map(this.file, this.bits);
		for (long slot = 0; slot < slots; slot++) {
			Fingerprint moved = at(before, slot);
			if (!moved.isNone()) {
				put(slotOf(moved), moved);
			}
		}
	}

	@Override
	public void close() throws IOException {
		Files.deleteIfExists(this.file);
	}

}
