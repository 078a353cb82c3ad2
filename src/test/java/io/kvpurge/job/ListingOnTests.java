package io.kvpurge.job;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.store.CursorRefusedException;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyLister;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.testkit.ForwardingKeyValueStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ListingOnTests {

	private static final KeyRange ALL = KeyRange.of(Key.of(""));

	private static final int ENTRIES = 1000;

	private static final int PAGE = 20;

	private final MemoryStore store = new MemoryStore("listed", Clock.systemUTC(),
			StoreCapabilities.of(PAGE, 50, StoreCapability.METADATA_IN_LISTING, StoreCapability.ORDERED));

	private final AtomicInteger pages = new AtomicInteger();

	ListingOnTests() {
		this.store.write(PurgeTester.entries(ENTRIES));
	}

	private KeyLister counting(int refusals) {
		AtomicInteger left = new AtomicInteger(refusals);
		return new ForwardingKeyValueStore(this.store) {
			@Override
			public KeyPage list(KeyRange range, ListingPosition from, int limit) {
				if (from.cursor() != null && left.getAndDecrement() > 0) {
					throw new CursorRefusedException("forgotten");
				}
				ListingOnTests.this.pages.incrementAndGet();
				return super.list(range, from, limit);
			}
		};
	}

	private static List<Key> keys(int... numbers) {
		List<Key> keys = new ArrayList<>();
		for (int number : numbers) {
			keys.add(PurgeTester.entry(number).key());
		}
		return keys;
	}

	private static List<Key> found(ListingOn listing, List<Key> keys) {
		return listing.find(keys).stream().map(KeyEntry::key).toList();
	}

	@Test
	void findsWhatIsThereAndListsEachPageOnceOrTwice() {
		Random random = new Random(7);
		TreeSet<Key> wanted = new TreeSet<>();
		for (int i = 0; i < 300; i++) {
			wanted.add(PurgeTester.entry(random.nextInt(ENTRIES + 100)).key());
		}
		List<Key> all = List.copyOf(wanted);
		ListingOn listing = new ListingOn(counting(0), ALL, PAGE);
		List<Key> found = new ArrayList<>();
		for (int start = 0; start < all.size(); start += 30) {
			found.addAll(found(listing, all.subList(start, Math.min(all.size(), start + 30))));
		}
		assertThat(found)
			.isEqualTo(all.stream().filter((key) -> key.compareTo(PurgeTester.entry(ENTRIES).key()) < 0).toList());
		assertThat(this.pages).hasValueBetween(ENTRIES / PAGE, ENTRIES / PAGE + all.size() / 30 + 1);
	}

	@Test
	void whatIsAskedForAgainIsListedAgain() {
		ListingOn listing = new ListingOn(counting(0), ALL, PAGE);
		assertThat(found(listing, keys(500, 501))).isEqualTo(keys(500, 501));
		assertThat(found(listing, keys(3, 501))).isEqualTo(keys(3, 501));
		assertThat(found(listing, List.of())).isEmpty();
	}

	@Test
	void seesWhatWasRewrittenSince() {
		ListingOn listing = new ListingOn(counting(0), ALL, PAGE);
		listing.find(keys(5, 6));
		this.store.delete(List.of(KeyEntry.of(PurgeTester.entry(7).key())));
		assertThat(found(listing, keys(7, 8))).isEqualTo(keys(8));
	}

	@Test
	void beginsAnewWhereItsPlaceIsForgottenButNotForEver() {
		ListingOn listing = new ListingOn(counting(2), ALL, PAGE);
		assertThat(found(listing, keys(30, 900))).isEqualTo(keys(30, 900));
		ListingOn never = new ListingOn(counting(Integer.MAX_VALUE), ALL, PAGE);
		assertThatExceptionOfType(CursorRefusedException.class).isThrownBy(() -> never.find(keys(900)));
	}

	@Test
	void aKeyAtTheEndOfThePagesBeforeIsListedAgain() {
		ListingOn listing = new ListingOn(counting(0), ALL, PAGE);
		assertThat(found(listing, keys(PAGE + 5))).isEqualTo(keys(PAGE + 5));
		assertThat(found(listing, keys(PAGE - 1, PAGE))).isEqualTo(keys(PAGE - 1, PAGE));
	}

	@Test
	void nothingIsListedBehindTheLastOfTheKeys() {
		ListingOn listing = new ListingOn(counting(0), ALL, PAGE);
		assertThat(found(listing, keys(3, PAGE - 1))).isEqualTo(keys(3, PAGE - 1));
		assertThat(this.pages).hasValue(1);
	}

	@Test
	void itGoesOnBehindAPageWithNothingOnIt() {
		ListingOn listing = new ListingOn(PagedLister.of("", "a"), ALL, PAGE);
		assertThat(found(listing, List.of(Key.of("a")))).containsExactly(Key.of("a"));
	}

	@Test
	void aPlaceThatIsForgottenIsNotAskedForAgain() {
		PagedLister lister = PagedLister.of("a", "b", "c");
		ListingOn listing = new ListingOn(lister, ALL, PAGE);
		assertThat(found(listing, List.of(Key.of("b")))).containsExactly(Key.of("b"));
		lister.failWith(new CursorRefusedException("forgotten"));
		assertThat(found(listing, List.of(Key.of("c")))).containsExactly(Key.of("c"));
		assertThat(lister.askedPages()).containsExactly(0, 1, 1, 0, 1, 2);
	}

	@Test
	void isForManyKeysOfStoresThatListMoreThanTheyRead() {
		StoreCapabilities far = StoreCapabilities
			.of(1000, 10_000, StoreCapability.METADATA_IN_LISTING, StoreCapability.ORDERED)
			.withReadLimit(100);
		assertThat(ListingOn.batchLimit(counts(100_000, 50_000), 1000, far)).isEqualTo(10_000);
		assertThat(ListingOn.batchLimit(counts(100_000, 15_000), 1000, far)).isEqualTo(3_000);
		assertThat(ListingOn.batchLimit(counts(100_000, 9_000), 1000, far)).isZero();
		assertThat(ListingOn.batchLimit(counts(0, 0), 1000, far)).isZero();
		assertThat(ListingOn.batchLimit(counts(1_000_000, 1), 1000, far)).isZero();
		// 100 pages, 5 that are listed twice, and one more: as many as there are reads.
		assertThat(ListingOn.batchLimit(counts(100_000, 10_600), 1000, far)).isZero();
		assertThat(ListingOn.batchLimit(counts(100_000, 10_700), 1000, far)).isEqualTo(2140);
		assertThat(ListingOn.batchLimit(counts(100_000, 50_000), 1000,
				StoreCapabilities.of(1000, 10_000, StoreCapability.ORDERED).withReadLimit(100)))
			.isZero();
		assertThat(ListingOn.batchLimit(counts(100_000, 50_000), 1000, far.withReadLimit(1000))).isZero();
		assertThat(ListingOn.batchLimit(counts(100_000, 50_000), 1000,
				StoreCapabilities.of(1000, 10_000, StoreCapability.METADATA_IN_LISTING).withReadLimit(100)))
			.isZero();
	}

	private static EntryCounts counts(long listed, long matched) {
		return new EntryCounts(listed, listed - matched, 0, 0, matched, 0, 0, 0, 0);
	}

}
