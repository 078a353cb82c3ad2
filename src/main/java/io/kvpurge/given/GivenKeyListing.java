package io.kvpurge.given;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Cursor;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyLister;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyReader;
import io.kvpurge.store.ListingPosition;

/**
 * Lists the keys of one file by looking them up: those that are there are its entries. A
 * cursor is the place of a key in the file, in bytes.
 */
final class GivenKeyListing implements KeyLister {

	private static final int BUFFER = 1 << 16;

	private final Path file;

	private final KeyReader reader;

	/**
	 * @param file of {@link SortedKeyFiles}
	 * @param reader looks keys up
	 */
	GivenKeyListing(Path file, KeyReader reader) {
		this.file = file;
		this.reader = reader;
	}

	@Override
	public List<KeyRange> split(List<Key> prefixes, int wanted) {
		throw new UnsupportedOperationException("it is one range");
	}

	@Override
	public KeyPage list(KeyRange range, ListingPosition from, int limit) {
		Named named = named((from.cursor() != null) ? Long.parseLong(from.cursor().value()) : 0, limit);
		Key passed = from.lastKey();
		List<Key> wanted = (passed == null) ? named.keys()
				: named.keys().stream().filter((key) -> key.compareTo(passed) > 0).toList();
		List<KeyEntry> found = wanted.isEmpty() ? List.of()
				: this.reader.find(wanted).stream().sorted(Comparator.comparing(KeyEntry::key)).toList();
		return new KeyPage(found, named.next());
	}

	private Named named(long place, int limit) {
		List<Key> keys = new ArrayList<>(limit);
		long end = place;
		try (FileChannel channel = FileChannel.open(this.file)) {
			channel.position(place);
			DataInputStream in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), BUFFER));
			while (keys.size() < limit && end < channel.size()) {
				Key key = SortedKeyFiles.next(in);
				keys.add(key);
				end += SortedKeyFiles.size(key);
			}
			return new Named(keys, (end < channel.size()) ? new Cursor(Long.toString(end)) : null);
		}
		catch (IOException ex) {
			throw new KeySourceException("the given keys cannot be read in " + this.file + ": " + ex.getMessage());
		}
	}

	/** What stands in one place of the file. */
	private record Named(List<Key> keys, @Nullable Cursor next) {
	}

}
