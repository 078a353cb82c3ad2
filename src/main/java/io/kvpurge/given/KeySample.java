package io.kvpurge.given;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;

/**
 * Some of the keys, each as likely as any other, by which all are divided into ranges of
 * about the same size.
 */
final class KeySample {

	private static final int SIZE = 20_000;

	private static final Key ANY = Key.of("");

	private final Random random = new Random(0); // the same keys, the same ranges

	private final List<Key> sample = new ArrayList<>();

	private long seen;

	void add(Key key) {
		this.seen++;
		if (this.sample.size() < SIZE) {
			this.sample.add(key);
			return;
		}
		long place = this.random.nextLong(this.seen);
		if (place < SIZE) {
			this.sample.set((int) place, key);
		}
	}

	/** How many keys were looked at. */
	long seen() {
		return this.seen;
	}

	/**
	 * Ranges that together cover every key.
	 * @param wanted how many; there are fewer where keys repeat
	 */
	List<KeyRange> ranges(int wanted) {
		List<Key> sorted = this.sample.stream().sorted().toList();
		TreeSet<Key> bounds = new TreeSet<>();
		for (int i = 1; i < wanted && !sorted.isEmpty(); i++) {
			bounds.add(sorted.get((int) ((long) i * sorted.size() / wanted)));
		}
		List<KeyRange> ranges = new ArrayList<>();
		@Nullable Key after = null;
		for (Key bound : bounds) {
			ranges.add(new KeyRange(ANY, after, bound));
			after = bound;
		}
		ranges.add(new KeyRange(ANY, after, null));
		return ranges;
	}

}
