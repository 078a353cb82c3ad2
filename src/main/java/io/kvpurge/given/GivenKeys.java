package io.kvpurge.given;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyLister;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyReader;

/**
 * The keys that a run was given, those under its prefixes: divided into ranges as a store
 * divides its own, and listed by looking each of them up. Each key that is there is
 * listed once, however often it was named, in the order of keys. Safe for use by several
 * threads; its files are gone when it is closed.
 */
public final class GivenKeys implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(GivenKeys.class);

	/** So many are sorted in memory at once. */
	private static final int KEYS_IN_RANGE = 100_000;

	/** Fewer are not worth a range of their own. */
	private static final int FEWEST_IN_RANGE = 1000;

	/** Each is a file that is open while keys are divided. */
	private static final int MOST_RANGES = 256;

	private final KeySource source;

	private final Predicate<KeyDigest> expected;

	private final List<Key> prefixes;

	private final Folder folder;

	private @Nullable SortedKeyFiles files;

	/**
	 * @param source what names them
	 * @param expected whether these are the keys with which the run was begun
	 * @param prefixes what keys must begin with one of
	 * @param folder where they are sorted; removed at the end
	 */
	public GivenKeys(KeySource source, Predicate<KeyDigest> expected, List<Key> prefixes, Folder folder) {
		this.source = source;
		this.expected = expected;
		this.prefixes = List.copyOf(prefixes);
		this.folder = folder;
	}

	/**
	 * Divides them.
	 * @param wanted how many ranges the caller would like
	 * @throws KeySourceException if they cannot be read, or are others by now
	 */
	public List<KeyRange> split(int wanted) {
		KeySample sample = new KeySample();
		read(sample::add);
		long enough = Math.min(wanted, sample.seen() / FEWEST_IN_RANGE);
		return sample.ranges((int) Math.min(MOST_RANGES, Math.max(enough, sample.seen() / KEYS_IN_RANGE)));
	}

	/**
	 * Lists one of the ranges.
	 * @param ranges all ranges, as {@link #split} made them when the run was begun
	 * @param index which of them, from 0
	 * @param reader looks keys up
	 * @throws KeySourceException if they cannot be read, or are others by now
	 */
	public KeyLister listing(List<KeyRange> ranges, int index, KeyReader reader) {
		return new GivenKeyListing(files(ranges).file(index), reader);
	}

	private synchronized SortedKeyFiles files(List<KeyRange> ranges) {
		SortedKeyFiles known = this.files;
		if (known != null) {
			return known;
		}
		try {
			SortedKeyFiles made = new SortedKeyFiles(this.folder.make(), ranges);
			this.files = made;
			made.write(this::read);
			return made;
		}
		catch (IOException ex) {
			throw new KeySourceException("the given keys cannot be sorted: " + ex.getMessage());
		}
	}

	private void read(Consumer<Key> reader) {
		KeyDigest.Builder digest = new KeyDigest.Builder();
		this.source.forEach((key) -> {
			digest.add(key);
			if (this.prefixes.stream().anyMatch(key::startsWith)) {
				reader.accept(key);
			}
		});
		if (!this.expected.test(digest.build())) {
			throw new KeySourceException(
					this.source.described() + ": was changed since the run was begun: launch again");
		}
	}

	@Override
	public synchronized void close() {
		try {
			if (this.files != null) {
				this.files.delete();
			}
		}
		catch (IOException ex) {
			logger.warn("the sorted keys are of no use any more, but stay: {}", ex.getMessage());
		}
	}

	/** Makes an empty folder when it is needed. */
	@FunctionalInterface
	public interface Folder {

		/** The folder. */
		Path make() throws IOException;

	}

}
