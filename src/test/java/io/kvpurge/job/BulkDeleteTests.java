package io.kvpurge.job;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.definition.Settings;
import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.DeleteResult;
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
import io.kvpurge.testkit.MutableClock;

import static org.assertj.core.api.Assertions.assertThat;

/** How matches are gathered, sent and settled. */
class BulkDeleteTests {

	@TempDir
	private Path home;

	@Test
	void matchesAreGatheredAcrossPagesUntilACallIsFull() {
		MemoryStore store = filled(10_000, 100, 1000, StoreCapability.values());
		RunReport report = tester().run(store, PurgeTester.definition("[\"\"]", "metadata.n % 10 == 0", 1));
		assertThat(report.counts().deleted()).isEqualTo(1000);
		assertThat(report.totals().calls().list()).isBetween(100L, 101L);
		assertThat(report.totals().calls().delete()).isEqualTo(1);
		assertThat(report.totals().calls().other()).isZero();
	}

	@Test
	void noMoreThanAHundredPagesAreListedBetweenTwoWritesOfThePosition() {
		MemoryStore store = filled(10_000, 10, 1000, StoreCapability.values());
		RunReport report = tester().run(store, PurgeTester.definition("[\"\"]", "metadata.n % 10 == 0", 1));
		assertThat(report.counts().deleted()).isEqualTo(1000);
		assertThat(report.totals().calls().delete()).isBetween(10L, 11L);
	}

	@Test
	void anAnswerThatWasLostIsLookedForAndTheCallIsNotSentAgain() {
		MemoryStore store = filled(300, 100, 40, StoreCapability.values());
		Map<Key, Integer> sent = new ConcurrentHashMap<>();
		RunReport report = tester().run(new ForwardingKeyValueStore(store) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				entries.forEach((entry) -> sent.merge(entry.key(), 1, Integer::sum));
				super.delete(entries);
				return DeleteResult.allDoubtful(entries.stream().map(KeyEntry::key).toList(),
						new TransientStoreException("timeout", null, null));
			}
		}, PurgeTester.everyThird(1));
		// Each answer is lost: after three such batches of the smallest size in a row it
		// is
		// not going to work.
		assertThat(report.run().state()).isEqualTo(RunState.FAILED);
		assertThat(report.errors()).containsExactly("range-00001: timeout");
		assertThat(sent).hasSize(40 + 20 + 10 + 5 + 2 + 1 + 1 + 1);
		assertThat(sent.values()).allMatch((times) -> times == 1);
		RunReport done = tester().run(store, PurgeTester.everyThird(1));
		assertThat(done.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(done.counts().deleted()).isEqualTo(100);
		tester().assertDeletedExactlyOnce(done.run().id(), PurgeTester.going(300));
	}

	@Test
	void aLostAnswerAtTheRangesEndIsSettledInTheSameRun() {
		MemoryStore store = filled(300, 100, 1000, StoreCapability.values());
		AtomicInteger calls = new AtomicInteger();
		RunReport report = tester().run(new ForwardingKeyValueStore(store) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				// Half of it was done before the connection broke.
				boolean first = calls.incrementAndGet() == 1;
				DeleteResult result = super.delete(first ? entries.subList(0, 50) : entries);
				return first ? DeleteResult.allDoubtful(entries.stream().map(KeyEntry::key).toList(),
						new TransientStoreException("reset", null, null)) : result;
			}
		}, PurgeTester.everyThird(1));
		assertThat(report.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(report.counts().listed()).isEqualTo(300);
		assertThat(report.counts().deleted()).isEqualTo(100);
		Map<Key, List<Outcome>> outcomes = tester().outcomes(report.run().id());
		assertThat(outcomes).containsEntry(PurgeTester.entry(0).key(), List.of(Outcome.INFERRED))
			.containsEntry(PurgeTester.entry(297).key(), List.of(Outcome.LEFT, Outcome.DELETED));
		tester().assertDeletedExactlyOnce(report.run().id(), PurgeTester.going(300));
	}

	@Test
	void whatIsKnownOfACallInDoubtIsWrittenDownAsItIs() {
		MemoryStore store = filled(300, 100, 1000, StoreCapability.values());
		AtomicInteger calls = new AtomicInteger();
		Key rewritten = PurgeTester.entry(0).key();
		RunReport report = tester().run(new ForwardingKeyValueStore(store) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				if (calls.incrementAndGet() > 1) {
					return super.delete(entries);
				}
				// The answer was cut off behind half of it; then somebody writes anew.
				DeleteResult first = super.delete(entries.subList(0, 50));
				store.write(List.of(new KeyValue(rewritten, null, Metadata.of(Map.of("n", 1L)), null)));
				return first.and(DeleteResult.allDoubtful(
						entries.subList(50, entries.size()).stream().map(KeyEntry::key).toList(),
						new TransientStoreException("reset", null, null)));
			}
		}, PurgeTester.everyThird(1));
		assertThat(report.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(report.counts().deleted()).isEqualTo(100);
		assertThat(tester().outcomes(report.run().id())).containsEntry(rewritten, List.of(Outcome.DELETED))
			.containsEntry(PurgeTester.entry(297).key(), List.of(Outcome.LEFT, Outcome.DELETED));
		assertThat(store.snapshot()).containsKey(rewritten);
	}

	@Test
	void aCallThatFailedInPassingIsRepeatedAndCounted() {
		MemoryStore store = filled(300, 100, 1000, StoreCapability.values());
		AtomicInteger calls = new AtomicInteger();
		RunReport report = tester().run(new ForwardingKeyValueStore(store) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				if (calls.incrementAndGet() < 3) {
					return DeleteResult.allUndone(entries.stream().map(KeyEntry::key).toList(),
							new TransientStoreException("busy", null, null));
				}
				return super.delete(entries);
			}
		}, PurgeTester.everyThird(1));
		assertThat(report.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(report.totals().calls().delete()).isEqualTo(3);
		assertThat(report.totals().calls().retried()).isEqualTo(2);
		assertThat(report.counts().deleted()).isEqualTo(100);
	}

	@Test
	void keysThatTheStoreNeverDeletesForNowFailTheRangeWithItsCause() {
		MemoryStore store = filled(300, 100, 1000, StoreCapability.values());
		RunReport report = tester().run(new ForwardingKeyValueStore(store) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				return DeleteResult.allUndone(entries.stream().map(KeyEntry::key).toList(),
						new TransientStoreException("429 too many requests", null, null));
			}
		}, PurgeTester.everyThird(1));
		assertThat(report.run().state()).isEqualTo(RunState.FAILED);
		assertThat(report.run().reason()).isEqualTo("range-00001: 429 too many requests");
		assertThat(report.counts().deleted()).isZero();
		assertThat(store.snapshot()).hasSize(300);
		assertThat(tester().run(store, PurgeTester.everyThird(1)).counts().deleted()).isEqualTo(100);
	}

	@Test
	void whereTheStoreCannotCompareNoKeyIsDeletedLongAfterItsListing() {
		MutableClock clock = new MutableClock(Instant.parse("2026-01-01T00:00:00Z"));
		MemoryStore store = filled(3000, 100, 300, StoreCapability.METADATA_IN_LISTING, StoreCapability.ORDERED,
				StoreCapability.RESUMABLE, StoreCapability.TELLS_VANISHED);
		Map<Key, Instant> listed = new HashMap<>();
		List<Duration> ages = new ArrayList<>();
		PurgeTester tester = new PurgeTester(this.home, clock);
		tester.settings(Settings.DEFAULT.withMaxAge(Duration.ofMinutes(1)));
		RunReport report = tester.run(new ForwardingKeyValueStore(store) {
			@Override
			public synchronized KeyPage list(KeyRange range, ListingPosition from, int limit) {
				Instant before = clock.instant();
				clock.advance(Duration.ofSeconds(5));
				KeyPage page = super.list(range, from, limit);
				page.entries().forEach((entry) -> listed.put(entry.key(), before));
				return page;
			}

			@Override
			public synchronized DeleteResult delete(List<KeyEntry> entries) {
				entries.forEach((entry) -> ages.add(Duration.between(listed.get(entry.key()), clock.instant())));
				return super.delete(entries);
			}
		}, PurgeTester.everyThird(1));
		assertThat(report.counts().deleted()).isEqualTo(1000);
		assertThat(ages).hasSize(1000).allMatch((age) -> age.compareTo(Duration.ofMinutes(1)) <= 0);
	}

	@Test
	void aBatchThatIsAlwaysTooOldIsNeverSent() {
		MutableClock clock = new MutableClock(Instant.parse("2026-01-01T00:00:00Z"));
		MemoryStore store = filled(300, 100, 1000, StoreCapability.METADATA_IN_LISTING, StoreCapability.RESUMABLE);
		PurgeTester tester = new PurgeTester(this.home, clock);
		RunReport report = tester.run(new ForwardingKeyValueStore(store) {
			@Override
			public KeyPage list(KeyRange range, ListingPosition from, int limit) {
				clock.advance(Duration.ofSeconds(90));
				return super.list(range, from, limit);
			}
		}, PurgeTester.everyThird(1));
		assertThat(report.run().state()).isEqualTo(RunState.FAILED);
		assertThat(report.run().reason()).contains("max-age");
		assertThat(store.snapshot()).hasSize(300);
	}

	@Test
	void aRefusalOfEverythingIsSettledBeforeTheRangeFails() {
		MemoryStore store = filled(300, 100, 1000, StoreCapability.values());
		PurgeTester tester = tester();
		RunReport report = tester.run(new ForwardingKeyValueStore(store) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				throw new StoreException("permission denied");
			}
		}, PurgeTester.everyThird(1));
		assertThat(report.run().state()).isEqualTo(RunState.FAILED);
		List<LedgerCall> unsettled = tester.ledger((ledger) -> ledger.unsettled(report.run().id(), 1));
		assertThat(unsettled).isEmpty();
		assertThat(tester.outcomes(report.run().id()).values()).hasSize(100)
			.allMatch((outcomes) -> Set.copyOf(outcomes).equals(Set.of(Outcome.LEFT)));
	}

	private PurgeTester tester() {
		return new PurgeTester(this.home);
	}

	private static MemoryStore filled(int count, int page, int bulk, StoreCapability... abilities) {
		MemoryStore store = new MemoryStore("bulk", Clock.systemUTC(), StoreCapabilities.of(page, bulk, abilities));
		store.write(PurgeTester.entries(count));
		return store;
	}

}
