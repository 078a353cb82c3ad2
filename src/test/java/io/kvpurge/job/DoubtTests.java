package io.kvpurge.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.kvpurge.ledger.KeyOutcome;
import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.store.Cursor;
import io.kvpurge.store.CursorRefusedException;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.testkit.ForwardingKeyValueStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is in doubt is looked for, and never sent again. */
class DoubtTests {

	private static final StoreCapabilities ORDERED = StoreCapabilities
		.of(3, 100, StoreCapability.METADATA_IN_LISTING, StoreCapability.ORDERED)
		.withReadLimit(1);

	private final RangeTester range = new RangeTester();

	private final List<List<Key>> lookedFor = new ArrayList<>();

	private final List<ListingPosition> listed = new ArrayList<>();

	private final List<List<Key>> found = new ArrayList<>();

	private int refusals;

	private DoubtfulCalls doubtful(Duration settleDelay, Map<Key, Outcome> answer) {
		return new DoubtfulCalls((work, keys) -> {
			assertThat(work.rewinds()).as("rewound before").isOne();
			this.lookedFor.add(keys);
			return answer;
		}, settleDelay, this.range.stop);
	}

	/** A store that has these keys. */
	private ForwardingKeyValueStore store(StoreCapabilities capabilities, String... keys) {
		MemoryStore memory = new MemoryStore("doubt", this.range.clock, capabilities);
		memory.write(
				RangeTester.keys(keys).stream().map((key) -> new KeyValue(key, null, Metadata.ABSENT, null)).toList());
		return new ForwardingKeyValueStore(memory) {
			@Override
			public KeyPage list(KeyRange bounds, ListingPosition from, int limit) {
				DoubtTests.this.listed.add(from);
				if (DoubtTests.this.refusals-- > 0) {
					throw new CursorRefusedException("forgotten");
				}
				return super.list(bounds, from, limit);
			}

			@Override
			public List<KeyEntry> find(Collection<Key> wanted) {
				DoubtTests.this.found.add(List.copyOf(wanted));
				return super.find(wanted);
			}
		};
	}

	private Map<Key, Outcome> look(ForwardingKeyValueStore store, boolean listing, String... keys) {
		return new LookingForGone(store, listing, this.range.stop).look(this.range.work(), RangeTester.keys(keys));
	}

	@Test
	void whereNothingIsInDoubtNothingIsRewound() {
		RangeWork work = this.range.work();
		doubtful(Duration.ZERO, Map.of()).settle(work);
		assertThat(work.rewinds()).isZero();
		assertThat(this.lookedFor).isEmpty();
	}

	@Test
	void whatAnAttemptLeftInDoubtIsSettledByWhatIsFound() {
		RangeWork work = this.range.work();
		work.announce(RangeTester.keys("a", "b"), null);
		work.announce(RangeTester.keys("c"), null);
		doubtful(Duration.ZERO, Map.of(Key.of("a"), Outcome.INFERRED, Key.of("b"), Outcome.LEFT)).settle(work);
		assertThat(this.lookedFor).containsExactly(RangeTester.keys("a", "b", "c"));
		assertThat(this.range.calls()).containsExactly("a=INFERRED b=LEFT", "c=LEFT");
		assertThat(work.rewinds()).isEqualTo(3);
	}

	@Test
	void aStopLeavesItInDoubtAndTheRangeRewound() {
		RangeWork work = this.range.work();
		work.announce(RangeTester.keys("a"), null);
		this.range.stop.request("enough");
		doubtful(Duration.ofMillis(1), Map.of()).settle(work);
		assertThat(this.lookedFor).isEmpty();
		assertThat(work.unsettled()).hasSize(1);
		assertThat(work.rewinds()).isOne();
	}

	@Test
	void whereNothingCanTakeEffectLaterNobodyWaits() {
		RangeWork work = this.range.work();
		work.announce(RangeTester.keys("a"), null);
		this.range.stop.request("enough");
		doubtful(Duration.ZERO, Map.of()).settle(work);
		assertThat(this.range.calls()).containsExactly("a=LEFT");
	}

	@Test
	void whatIsKnownOfACallIsNotLookedFor() {
		RangeWork work = this.range.work();
		LedgerCall call = work.announce(RangeTester.keys("a", "b", "c"), null);
		doubtful(Duration.ZERO, Map.of(Key.of("b"), Outcome.INFERRED)).settle(work, call,
				Map.of(Key.of("a"), KeyOutcome.of(Outcome.DELETED)), List.of());
		assertThat(this.lookedFor).containsExactly(RangeTester.keys("b", "c"));
		assertThat(this.range.calls()).containsExactly("a=DELETED b=INFERRED c=LEFT");
	}

	@Test
	void nobodyLooksBeforeACallHasTakenEffect() {
		RangeWork work = this.range.work();
		LedgerCall call = work.announce(RangeTester.keys("a"), null);
		long begun = System.nanoTime();
		doubtful(Duration.ofMillis(80), Map.of()).settle(work, call, Map.of(), List.of());
		assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(75));
		assertThat(this.range.calls()).containsExactly("a=LEFT");
	}

	/** Whoever sent it may live on for as long as it believes that the run is its own. */
	@Test
	void whatAnotherProcessSentIsWaitedForLonger() {
		RangeWork work = this.range.work();
		work.announce(RangeTester.keys("a"), null);
		long begun = System.nanoTime();
		doubtful(Duration.ofMillis(1), Map.of()).settle(work);
		assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(1900));
		assertThat(this.range.calls()).containsExactly("a=LEFT");
	}

	@Test
	void aStopLeavesACallInDoubtToo() {
		RangeWork work = this.range.work();
		LedgerCall call = work.announce(RangeTester.keys("a"), null);
		this.range.stop.request("enough");
		doubtful(Duration.ofMillis(1), Map.of()).settle(work, call, Map.of(), List.of());
		assertThat(work.unsettled()).hasSize(1);
		assertThat(work.rewinds()).isOne();
	}

	@Test
	void whatIsGoneWasDeletedAndWhatIsThereIsLeft() {
		ForwardingKeyValueStore store = store(MemoryStore.EVERYTHING, "b");
		assertThat(look(store, true, "a", "b"))
			.isEqualTo(Map.of(Key.of("a"), Outcome.INFERRED, Key.of("b"), Outcome.LEFT));
		assertThat(this.found).containsExactly(RangeTester.keys("a", "b"));
		assertThat(this.listed).isEmpty();
	}

	@Test
	void manyKeysAreLookedForInPages() {
		ForwardingKeyValueStore store = store(ORDERED, "a", "b", "c", "d", "e", "f", "g", "h");
		assertThat(look(store, true, "b", "e", "x1", "e2")).isEqualTo(Map.of(Key.of("b"), Outcome.LEFT, Key.of("e"),
				Outcome.LEFT, Key.of("x1"), Outcome.INFERRED, Key.of("e2"), Outcome.INFERRED));
		assertThat(this.found).isEmpty();
		assertThat(this.listed).as("to the end, as x1 could be there").hasSize(3);
		this.listed.clear();
		assertThat(look(store, true, "b", "f")).isEqualTo(Map.of(Key.of("b"), Outcome.LEFT, Key.of("f"), Outcome.LEFT));
		assertThat(this.listed).as("as far as the last of them").hasSize(2);
	}

	@Test
	void theyAreLookedForBehindAPageWithNothingOnIt() {
		PagedLister pages = PagedLister.of("", "b");
		Map<Key, Outcome> found = look(new ForwardingKeyValueStore(store(ORDERED)) {
			@Override
			public KeyPage list(KeyRange bounds, ListingPosition from, int limit) {
				return pages.list(bounds, from, limit);
			}
		}, true, "a", "b");
		assertThat(found).isEqualTo(Map.of(Key.of("a"), Outcome.INFERRED, Key.of("b"), Outcome.LEFT));
	}

	@Test
	void theyAreLookedForFromTheSavedPosition() {
		this.range.work().save(ListingPosition.at(new Cursor(Key.of("c").base64())), false);
		ForwardingKeyValueStore store = store(ORDERED, "a", "b", "c", "d", "e", "f");
		look(store, true, "d", "e");
		assertThat(this.listed).hasSize(1).containsExactly(this.range.range().progress().position());
	}

	@Test
	void whereThePositionIsForgottenTheyAreLookedForFromTheStart() {
		this.range.work().save(ListingPosition.at(new Cursor(Key.of("c").base64())), false);
		ForwardingKeyValueStore store = store(ORDERED, "a", "b", "c", "d", "e", "f");
		this.refusals = 1;
		assertThat(look(store, true, "d", "e2")).containsEntry(Key.of("d"), Outcome.LEFT)
			.containsEntry(Key.of("e2"), Outcome.INFERRED);
		assertThat(this.listed.get(1)).isEqualTo(ListingPosition.START);
		this.refusals = 2;
		assertThatExceptionOfType(CursorRefusedException.class).isThrownBy(() -> look(store, true, "d", "e2"));
	}

	@Test
	void theyAreReadOneByOneWherePagesDoNotHelp() {
		look(store(ORDERED, "a"), false, "a", "b");
		look(store(ORDERED, "a"), true, "a");
		look(store(ORDERED.withReadLimit(3), "a"), true, "a", "b", "c", "d");
		look(store(StoreCapabilities.of(3, 100, StoreCapability.METADATA_IN_LISTING).withReadLimit(1), "a"), true, "a",
				"b");
		assertThat(this.listed).isEmpty();
		assertThat(this.found).hasSize(4);
	}

	@Test
	void aStopEndsTheLook() {
		this.range.stop.request("enough");
		assertThatExceptionOfType(TransientStoreException.class)
			.isThrownBy(() -> look(store(ORDERED, "a"), true, "a", "b"))
			.withMessage("stopped while looking for keys in doubt");
		assertThat(this.listed).isEmpty();
	}

	@Test
	void whatFailsLeavesTheCallInDoubt() {
		RangeWork work = this.range.work();
		work.announce(RangeTester.keys("a"), null);
		StoreException away = new StoreException("away");
		DoubtfulCalls failing = new DoubtfulCalls((rewound, keys) -> {
			throw away;
		}, Duration.ZERO, this.range.stop);
		assertThatThrownBy(() -> failing.settle(work)).isSameAs(away);
		assertThat(work.unsettled()).hasSize(1);
		assertThat(work.rewinds()).isOne();
	}

	@Test
	void whatIsGoneByTheLedgerIsLookedForAndTheFirstThatAreThereAreNamed() {
		RangeWork work = this.range.work();
		String[] many = new String[12];
		for (int i = 0; i < many.length; i++) {
			many[i] = "k%02d".formatted(i);
		}
		settle(work, outcomesOf(many.length, Outcome.DELETED), many);
		settle(work, outcomesOf(2, Outcome.SPARED), "s1", "s2");
		settle(work, List.of(KeyOutcome.of(Outcome.VANISHED), KeyOutcome.of(Outcome.LEFT)), "v", "l");
		settle(work, List.of(KeyOutcome.of(Outcome.INFERRED)), "i");
		ForwardingKeyValueStore store = store(MemoryStore.EVERYTHING, "k00", "k01", "k02", "k03", "k04", "k05", "k06",
				"k07", "k08", "k09", "k10", "l", "s1", "i");
		GoneKeys gone = new GoneCheck(this.range.ledger, store, this.range.stop).check(this.range.fence.run());
		assertThat(gone.gone()).isEqualTo(14);
		assertThat(gone.there()).isEqualTo(12);
		assertThat(gone.sample()).extracting(Key::text)
			.containsExactly("k00", "k01", "k02", "k03", "k04", "k05", "k06", "k07", "k08", "k09");
		assertThat(this.found).as("nothing is asked for where nothing is gone").hasSize(3);
		assertThat(gone.sentence()).isEqualTo("of 14 keys that were deleted, 12 are in the store now");
	}

	private static List<KeyOutcome> outcomesOf(int count, Outcome outcome) {
		return Collections.nCopies(count, KeyOutcome.of(outcome));
	}

	private static void settle(RangeWork work, List<KeyOutcome> outcomes, String... keys) {
		work.settleAndRewind(work.announce(RangeTester.keys(keys), null), outcomes, List.of());
	}

	@Test
	void aStopEndsTheSearchForWhatIsGone() {
		RangeWork work = this.range.work();
		settle(work, outcomesOf(1, Outcome.DELETED), "a");
		this.range.stop.request("enough");
		assertThatExceptionOfType(TransientStoreException.class)
			.isThrownBy(() -> new GoneCheck(this.range.ledger, store(MemoryStore.EVERYTHING), this.range.stop)
				.check(this.range.fence.run()))
			.withMessage("stopped while looking for deleted keys");
	}

}
