package io.kvpurge.given;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Consumer;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;

/**
 * A file for each range, with its keys in their order and each of them once. A key is its
 * length in four bytes and its bytes.
 */
final class SortedKeyFiles {

	private static final int BUFFER = 1 << 14;

	private final Path folder;

	/** The last key of each range but the last. */
	private final List<Key> bounds;

	/**
	 * @param folder an empty folder
	 * @param ranges all ranges, in their order: each begins behind the end of the one
	 * before it
	 */
	SortedKeyFiles(Path folder, List<KeyRange> ranges) {
		this.folder = folder;
		this.bounds = ranges.stream().map(KeyRange::upTo).filter(Objects::nonNull).toList();
	}

	/** The file of a range. */
	Path file(int range) {
		return this.folder.resolve(Integer.toString(range));
	}

	/** Takes the keys that {@code source} hands out, divides and sorts them. */
	void write(Consumer<Consumer<Key>> source) throws IOException {
		divide(source);
		for (int range = 0; range <= this.bounds.size(); range++) {
			TreeSet<Key> sorted = new TreeSet<>(read(file(range)));
			write(file(range), sorted);
		}
	}

	private void divide(Consumer<Consumer<Key>> source) throws IOException {
		List<DataOutputStream> outputs = new ArrayList<>();
		try {
			for (int range = 0; range <= this.bounds.size(); range++) {
				outputs.add(output(file(range)));
			}
			source.accept((key) -> write(outputs.get(rangeOf(key)), key));
			for (DataOutputStream output : outputs) {
				output.flush(); // closing would hide that the disk is full
			}
		}
		catch (UncheckedIOException ex) {
			throw ex.getCause();
		}
		finally {
			for (DataOutputStream output : outputs) {
				output.close();
			}
		}
	}

	private int rangeOf(Key key) {
		int found = Collections.binarySearch(this.bounds, key);
		return (found >= 0) ? found : -found - 1;
	}

	private static DataOutputStream output(Path file) throws IOException {
		return new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), BUFFER));
	}

	private static void write(Path file, Collection<Key> keys) throws IOException {
		try (DataOutputStream out = output(file)) {
			keys.forEach((key) -> write(out, key));
		}
		catch (UncheckedIOException ex) {
			throw ex.getCause();
		}
	}

	private static void write(DataOutputStream out, Key key) {
		try {
			out.writeInt(key.length());
			out.write(key.bytes());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<Key> read(Path file) throws IOException {
		List<Key> keys = new ArrayList<>();
		try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER))) {
			while (in.available() > 0) {
				keys.add(next(in));
			}
		}
		return keys;
	}

	/** The key that stands next in such a file. */
	static Key next(DataInputStream in) throws IOException {
		return Key.of(in.readNBytes(in.readInt()));
	}

	/** How many bytes a key takes in such a file. */
	static int size(Key key) {
		return Integer.BYTES + key.length();
	}

	/** Removes what was written. */
	void delete() throws IOException {
		for (int range = 0; range <= this.bounds.size(); range++) {
			Files.deleteIfExists(file(range));
		}
		Files.deleteIfExists(this.folder);
	}

}
