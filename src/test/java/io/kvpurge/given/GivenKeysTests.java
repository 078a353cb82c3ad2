package io.kvpurge.given;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.store.Cursor;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyLister;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyReader;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.ListingPosition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class GivenKeysTests {

	private static final List<Key> ANY = List.of(Key.of(""));

	@TempDir
	private Path folder;

	private final Random random = new Random(5);

	private GivenKeys given(List<Key> keys) {
		return given(new KeyList(keys), ANY);
	}

	private GivenKeys given(KeySource source, List<Key> prefixes) {
		KeyDigest digest = source.digest();
		return new GivenKeys(source, digest::equals, prefixes,
				() -> Files.createDirectory(this.folder.resolve("work")));
	}

	/** Named in no order, some of them twice, some of them no text. */
	private List<Key> keys(int count) {
		List<Key> keys = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			byte[] bytes = new byte[1 + this.random.nextInt(6)];
			this.random.nextBytes(bytes);
			keys.add((i % 3 == 0) ? Key.of(bytes) : Key.of("k/" + i));
		}
		keys.addAll(keys.subList(0, count / 5));
		Collections.shuffle(keys, this.random);
		return keys;
	}

	private static List<Key> listed(KeyLister lister, KeyRange range, int limit) {
		List<Key> listed = new ArrayList<>();
		ListingPosition position = ListingPosition.START;
		while (true) {
			KeyPage page = lister.list(range, position, limit);
			assertThat(page.entries()).hasSizeLessThanOrEqualTo(limit);
			page.entries().forEach((entry) -> listed.add(entry.key()));
			@Nullable Cursor next = page.next();
			if (next == null) {
				return listed;
			}
			position = ListingPosition.at(next);
		}
	}

	@Test
	void eachKeyThatIsThereIsListedOnceInOrder() {
		List<Key> keys = keys(20_000);
		Set<Key> there = new TreeSet<>(keys.subList(0, 9_000));
		List<Key> listed = new ArrayList<>();
		try (GivenKeys given = given(keys)) {
			List<KeyRange> ranges = given.split(8);
			assertThat(ranges).hasSize(8);
			for (int i = 0; i < ranges.size(); i++) {
				List<Key> part = listed(given.listing(ranges, i, new Present(there)), ranges.get(i), 100);
				assertThat(part).hasSizeBetween(500, 2_000);
				listed.addAll(part);
			}
		}
		assertThat(listed).isEqualTo(List.copyOf(there));
		assertThat(this.folder).isEmptyDirectory();
	}

	@Test
	void aListingGoesOnBehindAnyKey() {
		List<Key> keys = keys(300);
		List<Key> sorted = List.copyOf(new TreeSet<>(keys));
		try (GivenKeys given = given(keys)) {
			List<KeyRange> ranges = given.split(1);
			KeyLister lister = given.listing(ranges, 0, new Present(new TreeSet<>(keys)));
			KeyPage first = lister.list(ranges.get(0), ListingPosition.START, 100);
			for (int i = 0; i < 100; i++) {
				ListingPosition behind = new ListingPosition(null, sorted.get(i));
				assertThat(lister.list(ranges.get(0), behind, 100).entries()).extracting(KeyEntry::key)
					.isEqualTo(sorted.subList(i + 1, 100));
			}
			assertThat(lister.list(ranges.get(0), ListingPosition.at(first.next()), 50).entries())
				.extracting(KeyEntry::key)
				.isEqualTo(sorted.subList(100, 150));
		}
	}

	@Test
	void whatIsDividedAgainInTheSameRangesIsTheSame() {
		List<Key> keys = keys(5_000);
		List<KeyRange> ranges;
		List<Key> before;
		try (GivenKeys given = given(keys)) {
			ranges = given.split(4);
			before = listed(given.listing(ranges, 2, new Present(new TreeSet<>(keys))), ranges.get(2), 77);
		}
		try (GivenKeys again = given(keys)) {
			assertThat(again.split(4)).isEqualTo(ranges);
			assertThat(listed(again.listing(ranges, 2, new Present(new TreeSet<>(keys))), ranges.get(2), 500))
				.isEqualTo(before);
		}
	}

	@Test
	void keysUnderNoPrefixAreLeftOut() {
		try (GivenKeys given = given(new KeyList(List.of(Key.of("a/1"), Key.of("b/1"), Key.of("c"))),
				List.of(Key.of("a/"), Key.of("c")))) {
			List<KeyRange> ranges = given.split(4);
			Set<Key> there = new TreeSet<>(List.of(Key.of("a/1"), Key.of("b/1"), Key.of("c")));
			assertThat(listed(given.listing(ranges, 0, new Present(there)), ranges.get(0), 10))
				.containsExactly(Key.of("a/1"), Key.of("c"));
		}
	}

	@Test
	void noKeysAreOneRangeWithNothingInIt() {
		try (GivenKeys given = given(List.of())) {
			List<KeyRange> ranges = given.split(4);
			assertThat(ranges).containsExactly(KeyRange.of(Key.of("")));
			assertThat(listed(given.listing(ranges, 0, new Present(Set.of())), ranges.get(0), 10)).isEmpty();
		}
	}

	@Test
	void aKeyThatIsNamedOverAndOverIsOneKey() {
		List<Key> keys = IntStream.range(0, 10_000).mapToObj((n) -> Key.of("same")).toList();
		try (GivenKeys given = given(keys)) {
			List<KeyRange> ranges = given.split(4);
			List<Key> listed = new ArrayList<>();
			for (int i = 0; i < ranges.size(); i++) {
				listed.addAll(listed(given.listing(ranges, i, new Present(Set.of(Key.of("same")))), ranges.get(i), 10));
			}
			assertThat(listed).containsExactly(Key.of("same"));
		}
	}

	@Test
	void aFileThatWasChangedIsRefused() throws IOException {
		Path file = Files.writeString(this.folder.resolve("a.txt"), "a\nb\n");
		try (GivenKeys given = given(KeyFile.of(file.toString(), null, null), ANY)) {
			List<KeyRange> ranges = given.split(1);
			Files.writeString(file, "a\nc\n");
			assertThatThrownBy(() -> given.listing(ranges, 0, new Present(Set.of())))
				.isInstanceOf(KeySourceException.class)
				.hasMessage(file + ": was changed since the run was begun: launch again");
		}
	}

	@Test
	void aFolderThatCannotBeMadeIsSaid() throws IOException {
		Files.createFile(this.folder.resolve("work"));
		try (GivenKeys given = given(List.of(Key.of("a")))) {
			List<KeyRange> ranges = given.split(1);
			assertThatThrownBy(() -> given.listing(ranges, 0, new Present(Set.of())))
				.isInstanceOf(KeySourceException.class)
				.hasMessageStartingWith("the given keys cannot be sorted: ");
		}
	}

	/** Has these keys. */
	private record Present(Set<Key> keys) implements KeyReader {

		@Override
		public List<KeyEntry> find(Collection<Key> wanted) {
			assertThat(wanted).doesNotHaveDuplicates();
			return wanted.stream().filter(this.keys::contains).map(KeyEntry::of).toList();
		}

		@Override
		public List<KeyValue> read(Collection<Key> wanted) {
			throw new UnsupportedOperationException("values are not asked for");
		}

	}

}
