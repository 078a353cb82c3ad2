package io.kvpurge.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What the port promises, for every adapter to inherit. An ability that a store does not
 * claim is tested as well: it refuses in plain words, or falls back as the port says.
 */
public abstract class KeyValueStoreContract {

	/** A moment of whole seconds that is far away. */
	protected static final Instant LATER = Instant.parse("2099-12-31T23:59:58Z");

	private final List<KeyValueStore> opened = new ArrayList<>();

	/** Opens a new store with nothing in it. */
	protected abstract KeyValueStore openEmpty();

	/** Opens once more the store that {@link #openEmpty()} opened last. */
	protected abstract KeyValueStore openAgain();

	/** The key of a number: another for each, all beginning with {@link #prefix()}. */
	protected Key key(int number) {
		return Key.of("key/%06d".formatted(number));
	}

	/** What every {@link #key} begins with. */
	protected Key prefix() {
		return Key.of(textKeys() ? "key/" : "");
	}

	/** Whether keys are texts, and not only numbers or the like. */
	protected boolean textKeys() {
		return true;
	}

	/** Whether there may be a key of this name. */
	protected boolean holds(Key name) {
		return textKeys();
	}

	/** Whether metadata of every form has a place. */
	protected boolean holdsAnyMetadata() {
		return true;
	}

	/** How metadata comes back that was written so. */
	protected Metadata kept(Metadata written) {
		return written;
	}

	/** Metadata that has a place, another for each number. */
	protected Metadata metadata(int number) {
		return Metadata.of(Map.of("number", (long) number));
	}

	/** Metadata that has a place beside a value. */
	protected Metadata metadataBesideValue(int number) {
		return metadata(number);
	}

	/** Whether values may be any bytes. */
	protected boolean holdsBinaryValues() {
		return true;
	}

	/** Whether entries expire. */
	protected boolean keepsExpiration() {
		return true;
	}

	/**
	 * Makes the store refuse to delete this key, and this one only.
	 * @return false if nothing makes this store refuse a single key
	 */
	protected boolean refuse(Key key) {
		return false;
	}

	private KeyValueStore store;

	@BeforeEach
	void open() {
		this.store = remember(openEmpty());
	}

	@AfterEach
	void closeAll() {
		this.opened.forEach(KeyValueStore::close);
	}

	private KeyValueStore remember(KeyValueStore one) {
		this.opened.add(one);
		return one;
	}

	/** The store under test. */
	protected KeyValueStore store() {
		return this.store;
	}

	private boolean can(StoreCapability ability) {
		return this.store.capabilities().can(ability);
	}

	/** An entry to be written that has all that the store can keep. */
	protected KeyValue entry(Key key, int number) {
		return new KeyValue(key, can(StoreCapability.VALUES) ? Value.of("value " + number) : null, metadata(number),
				null);
	}

	private List<Key> writeKeys(int count) {
		return writeKeys(IntStream.range(0, count).mapToObj(this::key).toList());
	}

	private List<Key> writeKeys(List<Key> keys) {
		List<KeyValue> entries = new ArrayList<>();
		keys.forEach((key) -> entries.add(entry(key, entries.size())));
		this.store.write(entries);
		return keys;
	}

	private List<KeyEntry> walk(KeyRange range, int limit) {
		return walk(this.store, range, ListingPosition.START, limit);
	}

	private List<KeyEntry> walk(KeyValueStore listed, KeyRange range, ListingPosition from, int limit) {
		List<KeyEntry> all = new ArrayList<>();
		Set<Key> seen = new HashSet<>();
		ListingPosition position = from;
		while (true) {
			KeyPage page = listed.list(range, position, limit);
			assertThat(page.entries()).hasSizeLessThanOrEqualTo(limit);
			// Only a store whose positions hold shows each key once.
			page.entries()
				.stream()
				.filter((entry) -> can(StoreCapability.RESUMABLE) || seen.add(entry.key()))
				.forEach(all::add);
			if (page.next() == null) {
				return all;
			}
			position = ListingPosition.at(page.next());
		}
	}

	private List<Key> listed(Key prefix) {
		return keys(walk(KeyRange.of(prefix), 100));
	}

	private static List<Key> keys(Collection<KeyEntry> entries) {
		return entries.stream().map(KeyEntry::key).toList();
	}

	private Map<Key, KeyEntry> found(Collection<Key> keys) {
		Map<Key, KeyEntry> found = new HashMap<>();
		for (KeyEntry entry : this.store.find(keys)) {
			assertThat(found.put(entry.key(), entry)).as("found once").isNull();
		}
		return found;
	}

	@Test
	void anEmptyStoreListsNothing() {
		assertThat(walk(KeyRange.of(Key.of("")), 10)).isEmpty();
		assertThat(this.store.split(List.of(Key.of("")), 4)).isNotEmpty();
		assertThat(this.store.find(List.of(key(1)))).isEmpty();
	}

	@Test
	void nothingToDoIsDone() {
		this.store.write(List.of());
		assertThat(this.store.find(List.of())).isEmpty();
		assertThat(this.store.delete(List.of())).isEqualTo(DeleteResult.allDeleted(List.of()));
	}

	@Test
	void rangesAreDisjointAndCoverEachKeyThoseWrittenLaterToo() {
		List<Key> early = writeKeys(IntStream.range(0, 4500).map((i) -> 2 * i).mapToObj(this::key).toList());
		List<KeyRange> ranges = this.store.split(List.of(prefix()), 3);
		List<Key> later = List.of(key(1), key(4499), key(4501), key(6001), key(8999), key(9001), key(20_000));
		writeKeys(later);
		List<Key> all = new ArrayList<>();
		ranges.forEach((range) -> all.addAll(keys(walk(range, 900))));
		List<Key> expected = new ArrayList<>(early);
		expected.addAll(later);
		assertThat(all).containsExactlyInAnyOrderElementsOf(expected);
		if (can(StoreCapability.SPLITTABLE)) {
			assertThat(ranges).hasSizeGreaterThan(1).hasSizeLessThanOrEqualTo(3);
		}
		else {
			assertThat(ranges).containsExactly(KeyRange.of(prefix()));
		}
	}

	@Test
	void eachPrefixHasARangeThoseWithoutKeysToo() {
		if (!textKeys()) {
			assertThatExceptionOfType(InvalidStoreException.class)
				.isThrownBy(() -> this.store.split(List.of(Key.of("a")), 1))
				.withMessageContaining("prefix");
			return;
		}
		writeKeys(List.of(Key.of("a/1"), Key.of("b/1"), Key.of("c/1")));
		List<KeyRange> ranges = this.store.split(List.of(Key.of("a/"), Key.of("c/"), Key.of("x/")), 1);
		assertThat(ranges).extracting(KeyRange::prefix).containsExactly(Key.of("a/"), Key.of("c/"), Key.of("x/"));
		writeKeys(List.of(Key.of("x/1")));
		List<Key> all = new ArrayList<>();
		ranges.forEach((range) -> all.addAll(keys(walk(range, 1))));
		assertThat(all).containsExactlyInAnyOrder(Key.of("a/1"), Key.of("c/1"), Key.of("x/1"));
	}

	@Test
	void everyPageSizeListsEachKeyOnce() {
		List<Key> keys = writeKeys(12);
		for (int limit : List.of(1, 2, 3, 4, 11, 12, 13)) {
			assertThat(keys(walk(KeyRange.of(prefix()), limit))).containsExactlyInAnyOrderElementsOf(keys);
		}
	}

	@Test
	void aPageLimitOutOfBoundsIsRefused() {
		int most = this.store.capabilities().pageLimit();
		for (int limit : new int[] { -1, 0, most + 1 }) {
			assertThatIllegalArgumentException()
				.isThrownBy(() -> this.store.list(KeyRange.of(prefix()), ListingPosition.START, limit))
				.withMessageContaining(String.valueOf(most));
		}
		assertThat(this.store.list(KeyRange.of(prefix()), ListingPosition.START, most).entries()).isEmpty();
	}

	@Test
	void listingGoesOnWhileListedKeysAreDeleted() {
		List<Key> keys = writeKeys(50);
		List<Key> listed = new ArrayList<>();
		ListingPosition position = ListingPosition.START;
		while (position != null) {
			KeyPage page = this.store.list(KeyRange.of(prefix()), position, 7);
			listed.addAll(keys(page.entries()));
			assertThat(this.store.delete(page.entries()).deleted()).hasSameSizeAs(page.entries());
			position = (page.next() != null) ? ListingPosition.at(page.next()) : null;
		}
		assertThat(listed).containsExactlyInAnyOrderElementsOf(keys);
		assertThat(listed(prefix())).isEmpty();
	}

	@Test
	void eachPositionResumesExactly() {
		writeKeys(10);
		List<Key> whole = listed(prefix());
		List<Key> passedPages = new ArrayList<>();
		KeyValueStore again = remember(openAgain());
		ListingPosition page = ListingPosition.START;
		int before = 0;
		while (page != null) {
			KeyPage here = this.store.list(KeyRange.of(prefix()), page, 4);
			for (int i = 0; i < here.entries().size(); i++) {
				ListingPosition position = new ListingPosition(page.cursor(), here.entries().get(i).key());
				List<Key> rest = keys(walk(again, KeyRange.of(prefix()), position, 100));
				int passed = before + i + 1;
				if (!can(StoreCapability.RESUMABLE)) {
					assertThat(rest).containsAll(whole.stream().filter((key) -> !passedPages.contains(key)).toList());
				}
				else {
					assertThat(rest).isEqualTo(whole.subList(passed, whole.size()));
				}
			}
			passedPages.addAll(keys(here.entries()));
			before += here.entries().size();
			page = (here.next() != null) ? ListingPosition.at(here.next()) : null;
		}
		assertThat(passedPages).containsAll(whole);
		assertThat(before).isGreaterThanOrEqualTo(10);
	}

	@Test
	void aPositionHoldsAfterItsKeysAreGone() {
		writeKeys(10);
		KeyPage first = this.store.list(KeyRange.of(prefix()), ListingPosition.START, 4);
		assumeTrue(!first.entries().isEmpty());
		List<Key> whole = listed(prefix());
		this.store.delete(first.entries());
		ListingPosition position = new ListingPosition(null, first.entries().get(first.entries().size() - 1).key());
		List<Key> rest = new ArrayList<>(whole);
		rest.removeAll(keys(first.entries()));
		List<Key> listed = keys(walk(this.store, KeyRange.of(prefix()), position, 100));
		assertThat(listed).isEqualTo(rest);
	}

	@Test
	void orderIsThatOfUnsignedBytesWhereClaimed() {
		List<Key> names = textKeys() ? names() : IntStream.of(2, 10, 1, 9, 100).mapToObj(this::key).toList();
		writeKeys(names);
		List<Key> listed = keys(walk(KeyRange.of(Key.of("")), 3));
		assertThat(listed).containsExactlyInAnyOrderElementsOf(names);
		if (can(StoreCapability.ORDERED)) {
			assertThat(listed).isSorted();
		}
	}

	/** Awkward names that the store can hold. */
	private List<Key> names() {
		return List
			.of("", " ", "a", "a ", " a", "a/", "a/b", "/", "//", "../a", "a//b", "a'b", "a\"b", "a`b", "%", "a%",
					"a%b", "a_b", "axb", "_", "a\\b", "\\", "a!b", "a!", "a!%", "!!", "a?b=c&d#e", "a+b", "{a}", "[a]",
					"*", "a:b", "a;b--", "A", "B", "b", "null", "0", "-1", "\t", "\n", "a\r\nb", "\u0001", "\u001f",
					"\u007f", "\u0085", "\u0000", "a\u0000b", "é", "e\u0301", "ß", "ss", "İ", "日本語", "\uD7FFx",
					"\uE000x", "\uFEFFa", "\uFFFD", "\uFFFE", "\uFFFFx", "😀", "😀x", "😁", "\uDBFF\uDFFF", "👩‍👩‍👧",
					"x".repeat(512), "é".repeat(256), "😀".repeat(128))
			.stream()
			.map(Key::of)
			.filter(this::holds)
			.toList();
	}

	@Test
	void awkwardNamesAreWrittenListedFoundAndDeleted() {
		List<Key> names = names();
		assertThat(names.isEmpty()).isNotEqualTo(textKeys());
		writeKeys(names);
		List<KeyEntry> listed = walk(KeyRange.of(Key.of("")), 10);
		assertThat(keys(listed)).containsExactlyInAnyOrderElementsOf(names);
		assertThat(found(names)).containsOnlyKeys(names);
		assertThat(this.store.delete(listed).deleted()).containsExactlyInAnyOrderElementsOf(names);
		assertThat(found(names)).isEmpty();
	}

	@Test
	void eachNameIsDeletedAlone() {
		List<Key> names = names();
		writeKeys(names);
		Set<Key> left = new HashSet<>(names);
		for (KeyEntry entry : walk(KeyRange.of(Key.of("")), 100)) {
			assertThat(this.store.delete(List.of(entry)).deleted()).containsExactly(entry.key());
			left.remove(entry.key());
			assertThat(found(names).keySet()).isEqualTo(left);
		}
	}

	@Test
	void prefixesAreExactByBytes() {
		List<Key> names = names();
		writeKeys(names);
		for (Key prefix : names) {
			assertThat(listed(prefix)).as("prefix %s", prefix)
				.containsExactlyInAnyOrderElementsOf(names.stream().filter((name) -> name.startsWith(prefix)).toList());
		}
	}

	@Test
	void whatCannotBeAKeyIsNotFoundAndNotThere() {
		Key binary = Key.of(new byte[] { (byte) 0xff, 0, (byte) 0xfe });
		List<Key> keys = List.of(binary, Key.of("no\u0000where"), Key.of("nowhere"));
		assertThat(this.store.find(keys)).isEmpty();
		DeleteResult result = this.store.delete(keys.stream().map(KeyEntry::of).toList());
		assertThat(can(StoreCapability.TELLS_VANISHED) ? result.vanished() : result.deleted())
			.containsExactlyInAnyOrderElementsOf(keys);
	}

	@Test
	void metadataComesBackAsItWasWritten() {
		Map<String, @Nullable Object> nested = new LinkedHashMap<>();
		nested.put("text", "quote \" slash \\ emoji 😀 line\nend");
		nested.put("whole", 9_007_199_254_740_993L);
		nested.put("part", 1.5);
		nested.put("yes", true);
		nested.put("nothing", null);
		nested.put("list", Arrays.asList(1L, "two", null, Map.of("three", List.of(3L))));
		nested.put("", Map.of("a.b", Map.of()));
		nested.put("schlüssel 😀", "ö");
		List<Metadata> forms = List.of(Metadata.ABSENT, Metadata.of(null), Metadata.of(nested), Metadata.of(Map.of()),
				Metadata.of(List.of()), Metadata.of(List.of(1L, List.of("a"))), Metadata.of("text"), Metadata.of(""),
				Metadata.of("null"), Metadata.of(7L), Metadata.of(-0.25), Metadata.of(false));
		List<KeyValue> entries = new ArrayList<>();
		forms.forEach((form) -> entries.add(new KeyValue(key(entries.size()), null, form, null)));
		if (!holdsAnyMetadata()) {
			assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> this.store.write(entries))
				.withMessageMatching(".*metadata.*");
			assertThat(listed(prefix())).isEmpty();
			return;
		}
		this.store.write(entries);
		Map<Key, KeyEntry> found = found(entries.stream().map(KeyValue::key).toList());
		Map<Key, KeyEntry> listed = new HashMap<>();
		walk(KeyRange.of(prefix()), 5).forEach((entry) -> listed.put(entry.key(), entry));
		for (KeyValue entry : entries) {
			assertThat(found.get(entry.key()).metadata()).isEqualTo(kept(entry.metadata()));
			assertThat(listed.get(entry.key()).metadata())
				.isEqualTo(can(StoreCapability.METADATA_IN_LISTING) ? kept(entry.metadata()) : Metadata.ABSENT);
		}
	}

	@Test
	void metadataIsFoundEvenWhereListingsShowNone() {
		writeKeys(2);
		assertThat(found(List.of(key(0), key(1)))).hasEntrySatisfying(key(1),
				(entry) -> assertThat(entry.metadata()).isEqualTo(metadata(1)));
		assertThat(walk(KeyRange.of(prefix()), 10)).extracting(KeyEntry::metadata)
			.containsExactlyInAnyOrderElementsOf(can(StoreCapability.METADATA_IN_LISTING)
					? List.of(metadata(0), metadata(1)) : List.of(Metadata.ABSENT, Metadata.ABSENT));
	}

	@Test
	void anEntryIsReplacedWhole() {
		this.store.write(List.of(new KeyValue(key(1), null, metadata(1), keepsExpiration() ? LATER : null)));
		this.store.write(List.of(entry(key(1), 2)));
		KeyEntry entry = found(List.of(key(1))).get(key(1));
		assertThat(entry.metadata()).isEqualTo(metadata(2));
		assertThat(entry.expiration()).isNull();
		assertThat(listed(prefix())).containsExactly(key(1));
	}

	@Test
	void expirationComesBackWhereItIsKept() {
		KeyValue entry = new KeyValue(key(1), null, metadata(1), LATER);
		if (!keepsExpiration()) {
			assertThatExceptionOfType(UnsupportedOperationException.class)
				.isThrownBy(() -> this.store.write(List.of(entry)))
				.withMessageContaining("expiration");
			return;
		}
		this.store.write(List.of(entry, entry(key(2), 2)));
		Map<Key, KeyEntry> found = found(List.of(key(1), key(2)));
		assertThat(found.get(key(1)).expiration()).isEqualTo(LATER);
		assertThat(found.get(key(2)).expiration()).isNull();
		assertThat(walk(KeyRange.of(prefix()), 10)).extracting(KeyEntry::expiration)
			.containsExactlyInAnyOrder(LATER, null);
	}

	@Test
	void aValueHasAPlaceOrIsRefused() {
		KeyValue entry = new KeyValue(key(1), Value.of("v"), metadataBesideValue(1), null);
		if (can(StoreCapability.VALUES)) {
			this.store.write(List.of(entry));
			assertThat(listed(prefix())).containsExactly(key(1));
		}
		else {
			assertThatExceptionOfType(UnsupportedOperationException.class)
				.isThrownBy(() -> this.store.write(List.of(entry(key(0), 0), entry)))
				.withMessageContaining("value")
				.satisfies((ex) -> assertThat(ex.getMessage().lines()).hasSize(1));
			assertThat(listed(prefix())).as("nothing of it was written").isEmpty();
		}
	}

	@Test
	void whatIsReadIsWhatWasWritten() {
		boolean values = can(StoreCapability.VALUES);
		List<KeyValue> entries = new ArrayList<>();
		List<Value> forms = new ArrayList<>(
				List.of(Value.of(""), Value.of("text"), Value.of("{\"json\": [1]}"), Value.of("ä 日本語 😀 \r\n\t\u0001"),
						Value.of("\uFFFD"), Value.of("\uFEFFmarked"), Value.of("x".repeat(70_000))));
		if (values && holdsBinaryValues()) {
			forms.add(Value.of(new byte[] { 0, (byte) 0xff, (byte) 0xfe, 13, 10, 0 }));
			forms.add(Value.of(new byte[] { (byte) 0xc3 }));
		}
		forms.forEach((form) -> entries.add(new KeyValue(key(entries.size()), values ? form : null,
				metadataBesideValue(entries.size()), keepsExpiration() && entries.size() % 2 == 0 ? LATER : null)));
		this.store.write(entries);
		List<Key> keys = new ArrayList<>(entries.stream().map(KeyValue::key).toList());
		keys.add(key(100));
		assertThat(this.store.read(keys)).containsExactlyInAnyOrderElementsOf(entries);
		assertThat(this.store.read(List.of())).isEmpty();
		this.store.delete(this.store.find(keys));
		this.store.write(entries);
		assertThat(this.store.read(keys)).as("put back").containsExactlyInAnyOrderElementsOf(entries);
	}

	@Test
	void whatIsReadWholeComesBackWhole() {
		List<KeyValue> entries = List.of(entry(key(0), 0), entry(key(1), 1), entry(key(2), 2));
		this.store.write(entries);
		List<Key> keys = entries.stream().map(KeyValue::key).toList();
		List<StoredEntry> whole = this.store.readStored(keys);
		assertThat(whole).extracting((stored) -> stored.entry().key()).containsExactlyInAnyOrderElementsOf(keys);
		assertThat(this.store.delete(whole.stream().map(StoredEntry::entry).toList()).deleted())
			.as("what was read is what a delete compares")
			.containsExactlyInAnyOrderElementsOf(keys);
		assertThat(this.store.add(whole.stream().map(StoredEntry::content).toList())).isEmpty();
		assertThat(this.store.readStored(keys)).extracting(StoredEntry::content)
			.containsExactlyInAnyOrderElementsOf(whole.stream().map(StoredEntry::content).toList());
		assertThat(this.store.read(keys)).containsExactlyInAnyOrderElementsOf(entries);
		assertThat(this.store.readStored(List.of(key(9)))).isEmpty();
	}

	@Test
	void whatIsAddedLeavesWhatIsThere() {
		KeyValue there = entry(key(1), 1);
		this.store.write(List.of(there));
		List<KeyValue> added = List.of(entry(key(0), 10), entry(key(1), 11), entry(key(2), 12));
		assertThat(this.store.add(added)).containsExactly(key(1));
		assertThat(this.store.read(List.of(key(0), key(1), key(2)))).containsExactlyInAnyOrder(added.get(0), there,
				added.get(2));
		assertThat(this.store.add(added)).containsExactlyInAnyOrder(key(0), key(1), key(2));
		assertThat(this.store.add(List.of())).isEmpty();
	}

	@Test
	void aBinaryValueHasAPlaceOrIsRefused() {
		KeyValue binary = new KeyValue(key(1), Value.of(new byte[] { 0, (byte) 0xff }), metadata(1), null);
		if (!can(StoreCapability.VALUES) || holdsBinaryValues()) {
			return;
		}
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> this.store.write(List.of(entry(key(0), 0), binary)))
			.withMessageContaining("binary");
		assertThat(listed(prefix())).as("nothing of it was written").isEmpty();
	}

	@Test
	void moreThanTheReadLimitIsReadInSeveralCalls() {
		int count = 2 * this.store.capabilities().readLimit() + 3;
		List<Key> keys = writeKeys(count);
		assertThat(this.store.read(keys)).extracting(KeyValue::key).containsExactlyInAnyOrderElementsOf(keys);
	}

	@Test
	void deletingTwiceSucceedsTwice() {
		writeKeys(3);
		List<KeyEntry> entries = walk(KeyRange.of(prefix()), 10);
		List<Key> keys = keys(entries);
		assertThat(this.store.delete(entries).deleted()).containsExactlyInAnyOrderElementsOf(keys);
		DeleteResult second = this.store.delete(entries);
		assertThat(can(StoreCapability.TELLS_VANISHED) ? second.vanished() : second.deleted())
			.containsExactlyInAnyOrderElementsOf(keys);
		assertThat(second.deleted().size() + second.vanished().size()).isEqualTo(3);
	}

	@Test
	void onlyWhatIsNamedGoes() {
		writeKeys(10);
		List<KeyEntry> entries = walk(KeyRange.of(prefix()), 10);
		this.store.delete(entries.subList(2, 5));
		List<KeyEntry> rest = new ArrayList<>(entries.subList(0, 2));
		rest.addAll(entries.subList(5, 10));
		if (!can(StoreCapability.RESUMABLE)) {
			assertThat(listed(prefix())).containsExactlyInAnyOrderElementsOf(keys(rest));
		}
		else {
			assertThat(listed(prefix())).containsExactlyElementsOf(keys(rest));
		}
	}

	@Test
	void whatWasRewrittenSinceItWasListedIsSparedWhereClaimed() {
		writeKeys(3);
		List<KeyEntry> entries = walk(KeyRange.of(prefix()), 10);
		this.store.write(List.of(entry(key(1), 77)));
		DeleteResult result = this.store.delete(entries);
		if (can(StoreCapability.CONDITIONAL_DELETE)) {
			assertThat(this.store.capabilities().guarantee()).isEqualTo(Guarantee.COMPARE_AND_DELETE);
			assertThat(result.spared()).containsExactly(key(1));
			assertThat(result.deleted()).containsExactlyInAnyOrder(key(0), key(2));
			assertThat(found(List.of(key(1))).get(key(1)).metadata()).isEqualTo(metadata(77));
		}
		else {
			assertThat(this.store.capabilities().guarantee()).isEqualTo(Guarantee.LIST_THEN_DELETE);
			assertThat(result.deleted()).containsExactlyInAnyOrder(key(0), key(1), key(2));
			assertThat(listed(prefix())).isEmpty();
		}
	}

	@Test
	void whatWasFoundCanBeDeletedAsFound() {
		writeKeys(3);
		List<KeyEntry> entries = this.store.find(List.of(key(0), key(2), key(9)));
		assertThat(this.store.delete(entries).deleted()).containsExactlyInAnyOrder(key(0), key(2));
		assertThat(listed(prefix())).containsExactly(key(1));
	}

	@Test
	void aRefusedKeyIsNamedAndTheOthersGo() {
		writeKeys(20);
		assumeTrue(refuse(key(13)), "this store refuses no single key");
		DeleteResult result = this.store.delete(walk(KeyRange.of(prefix()), 100));
		assertThat(result.refused()).containsOnlyKeys(key(13));
		assertThat(result.refused().get(key(13))).isNotBlank().doesNotContain("\n");
		assertThat(result.deleted()).hasSize(19);
		assertThat(listed(prefix())).containsExactly(key(13));
	}

	@Test
	void moreThanTheBulkLimitGoesInSeveralCalls() {
		int count = 2 * this.store.capabilities().bulkLimit() + 3;
		List<Key> keys = writeKeys(count);
		assertThat(found(keys)).hasSize(count);
		List<KeyEntry> entries = walk(KeyRange.of(prefix()), this.store.capabilities().pageLimit());
		assertThat(entries).hasSize(count);
		assertThat(this.store.delete(entries).deleted()).containsExactlyInAnyOrderElementsOf(keys);
		assertThat(listed(prefix())).isEmpty();
	}

	@Test
	void anotherHandleSeesTheSameStore() {
		writeKeys(3);
		KeyValueStore again = remember(openAgain());
		assertThat(again.find(List.of(key(0), key(1), key(2)))).hasSize(3);
		List<KeyEntry> entries = walk(KeyRange.of(prefix()), 2).subList(0, 2);
		assertThat(again.delete(entries).deleted()).hasSize(2);
		assertThat(listed(prefix())).hasSize(1);
	}

	@Test
	void identityNamesTheStoreAndNoOther() {
		KeyValueStore again = remember(openAgain());
		assertThat(again.identity()).isEqualTo(this.store.identity()).isNotBlank().doesNotContain("\n");
		assertThat(again.capabilities()).isEqualTo(this.store.capabilities());
		assertThat(remember(openEmpty()).identity()).isNotEqualTo(this.store.identity());
	}

	@Test
	void closingTwiceDoesNothingMore() {
		KeyValueStore again = openAgain();
		again.close();
		again.close();
		writeKeys(1);
		assertThat(listed(prefix())).containsExactly(key(0));
	}

}
