package io.kvpurge.job;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.ExitCode;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.BatchTooLargeException;
import io.kvpurge.store.CursorRefusedException;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Guarantee;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.QuotaExhaustedException;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.testkit.ForwardingKeyValueStore;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a store far away does to a run: lag, forgotten cursors, calls that are too much.
 */
class RemoteStoreTests {

	private static final StoreCapability[] BLIND = { StoreCapability.METADATA_IN_LISTING, StoreCapability.ORDERED,
			StoreCapability.RESUMABLE, StoreCapability.VALUES };

	private static final String DEFINITION = PurgeTester.everyThird(1);

	@TempDir
	private Path home;

	@Test
	void aRangeWhoseCursorIsRefusedIsListedAgainAndNothingIsCountedTwice() {
		AtomicInteger pages = new AtomicInteger();
		RunReport report = run(new ForwardingKeyValueStore(filled(2000, 50, 100)) {
			@Override
			public KeyPage list(KeyRange range, ListingPosition from, int limit) {
				int page = (from.cursor() != null) ? pages.incrementAndGet() : 0;
				if (page == 9 || page == 12 || page == 60) {
					throw new CursorRefusedException("invalid cursor (10041)");
				}
				return super.list(range, from, limit);
			}
		});
		assertThat(report.run().state()).as("%s", report.errors()).isEqualTo(RunState.COMPLETED);
		assertThat(report.counts()).isEqualTo(new EntryCounts(2000, 1333, 0, 0, 667, 667, 0, 0, 0));
		tester().assertDeletedExactlyOnce(report.run().id(), PurgeTester.going(2000));
	}

	@Test
	void aRunThatIsCarriedOnFindsItsPlaceWithoutItsCursor() {
		MemoryStore store = filled(1000, 50, 20);
		AtomicInteger deletes = new AtomicInteger();
		RunReport failed = run(new ForwardingKeyValueStore(store) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				if (deletes.incrementAndGet() > 5) {
					throw new StoreException("token revoked");
				}
				return super.delete(entries);
			}
		});
		assertThat(failed.run().state()).isEqualTo(RunState.FAILED);
		assertThat(failed.counts().deleted()).isEqualTo(100);
		AtomicInteger refused = new AtomicInteger();
		RunReport done = run(new ForwardingKeyValueStore(store) {
			@Override
			public KeyPage list(KeyRange range, ListingPosition from, int limit) {
				if (from.cursor() != null && refused.getAndIncrement() == 0) {
					throw new CursorRefusedException("invalid cursor (10041)");
				}
				return super.list(range, from, limit);
			}
		});
		assertThat(refused).hasPositiveValue();
		assertThat(done.counts()).isEqualTo(new EntryCounts(1000, 666, 0, 0, 334, 334, 0, 0, 0));
		tester().assertDeletedExactlyOnce(done.run().id(), PurgeTester.going(1000));
	}

	@Test
	void pagesAreListedWhileADeleteIsUnderWay() {
		AtomicInteger pages = new AtomicInteger();
		AtomicInteger deletes = new AtomicInteger();
		RunReport report = run(new ForwardingKeyValueStore(filled(3000, 50, 500)) {
			@Override
			public KeyPage list(KeyRange range, ListingPosition from, int limit) {
				pages.incrementAndGet();
				return super.list(range, from, limit);
			}

			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				if (deletes.incrementAndGet() == 1) {
					long last = Long.parseLong(entries.get(entries.size() - 1).key().text().substring("key/".length()));
					Awaitility.await().until(() -> pages.get() >= last / 50 + 1 + 10);
				}
				return super.delete(entries);
			}
		});
		assertThat(report.counts().deleted()).isEqualTo(1000);
	}

	@Test
	void aCallThatIsTooMuchIsFollowedBySmallerOnes() {
		List<Integer> sizes = new CopyOnWriteArrayList<>();
		RunReport report = run(new ForwardingKeyValueStore(filled(3000, 50, 400)) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				sizes.add(entries.size());
				if (entries.size() > 120) {
					return DeleteResult.allUndone(keys(entries), new BatchTooLargeException("413"));
				}
				return super.delete(entries);
			}
		});
		assertThat(report.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(report.counts().deleted()).isEqualTo(1000);
		assertThat(sizes).startsWith(400, 200, 100, 100).endsWith(100);
	}

	@Test
	void aUsedUpQuotaStopsTheRunAndTheNextLaunchCarriesOn() {
		MemoryStore store = filled(1000, 50, 20);
		AtomicInteger deletes = new AtomicInteger();
		RunReport stopped = run(new ForwardingKeyValueStore(store) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				if (deletes.incrementAndGet() > 5) {
					throw new QuotaExhaustedException("the day's deletes are used up: launch again after 00:00 UTC");
				}
				return super.delete(entries);
			}
		});
		assertThat(stopped.run().state()).isEqualTo(RunState.STOPPED);
		assertThat(stopped.exitCode()).isEqualTo(ExitCode.STOPPED);
		assertThat(stopped.run().reason()).isEqualTo("the day's deletes are used up: launch again after 00:00 UTC");
		assertThat(stopped.counts().deleted()).isEqualTo(100);
		RunReport done = run(store);
		assertThat(done.run().attempts()).isEqualTo(2);
		assertThat(done.counts()).isEqualTo(new EntryCounts(1000, 666, 0, 0, 334, 334, 0, 0, 0));
	}

	@Test
	void whatIsLeftOfAQuotaIsUsedBySmallerCalls() {
		MemoryStore store = filled(1000, 50, 320);
		AtomicInteger left = new AtomicInteger(150);
		RunReport stopped = run(new ForwardingKeyValueStore(store) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				if (entries.size() > left.get()) {
					throw new QuotaExhaustedException("used up");
				}
				left.addAndGet(-entries.size());
				return super.delete(entries);
			}
		});
		assertThat(stopped.exitCode()).isEqualTo(ExitCode.STOPPED);
		assertThat(stopped.counts().deleted()).isEqualTo(150);
		assertThat(run(store).counts()).isEqualTo(new EntryCounts(1000, 666, 0, 0, 334, 334, 0, 0, 0));
	}

	@Test
	void aUsedUpQuotaOfListingsStopsTheRunToo() {
		RunReport stopped = run(new ForwardingKeyValueStore(filled(10, 50, 20)) {
			@Override
			public KeyPage list(KeyRange range, ListingPosition from, int limit) {
				throw new QuotaExhaustedException("used up");
			}
		});
		assertThat(stopped.exitCode()).isEqualTo(ExitCode.STOPPED);
		assertThat(stopped.run().reason()).isEqualTo("used up");
	}

	@Test
	void aListingThatStillShowsWhatWasDeletedLetsNothingBeCountedTwice() {
		LaggingStore store = new LaggingStore(filled(600, 50, 40));
		AtomicInteger deletes = new AtomicInteger();
		RunReport failed = run(new ForwardingKeyValueStore(store) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				if (deletes.incrementAndGet() == 3) {
					// Half of it, and then no more: what is left must be listed again.
					return super.delete(entries.subList(0, 20)).and(
							DeleteResult.allUndone(keys(entries.subList(20, 40)), new StoreException("token revoked")));
				}
				if (deletes.get() > 3) {
					throw new StoreException("token revoked");
				}
				return super.delete(entries);
			}
		});
		assertThat(failed.run().state()).isEqualTo(RunState.FAILED);
		assertThat(failed.counts().deleted()).isEqualTo(100);
		RunReport done = run(store);
		assertThat(done.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(done.counts()).isEqualTo(new EntryCounts(600, 400, 0, 0, 200, 200, 0, 0, 0));
		tester().assertDeletedExactlyOnce(done.run().id(), PurgeTester.going(600));
	}

	@Test
	void keysInDoubtAreLookedForByListingWhereReadsAreSmall() {
		StoreCapabilities capabilities = StoreCapabilities.of(50, 40, BLIND).withReadLimit(10);
		MemoryStore store = new MemoryStore("remote", Clock.systemUTC(), capabilities);
		store.write(PurgeTester.entries(300));
		AtomicInteger deletes = new AtomicInteger();
		RunReport report = run(new ForwardingKeyValueStore(store) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				boolean lost = deletes.incrementAndGet() == 2;
				DeleteResult result = super.delete(lost ? entries.subList(5, 25) : entries);
				return lost ? DeleteResult.allDoubtful(keys(entries), new TransientStoreException("524", null, null))
						: result;
			}

			@Override
			public List<KeyEntry> find(Collection<Key> keys) {
				throw new IllegalStateException("not to be asked for " + keys.size() + " keys");
			}
		});
		assertThat(report.run().state()).as("%s", report.errors()).isEqualTo(RunState.COMPLETED);
		assertThat(report.counts()).isEqualTo(new EntryCounts(300, 200, 0, 0, 100, 100, 0, 0, 0));
		assertThat(tester().outcomes(report.run().id()).values().stream().filter(List.of(Outcome.INFERRED)::equals))
			.hasSize(20);
		tester().assertDeletedExactlyOnce(report.run().id(), PurgeTester.going(300));
	}

	@Test
	void whatWasRewrittenSinceItsListingIsSparedWhereEntriesAreRechecked() {
		MemoryStore store = filled(300, 50, 40);
		Key rewritten = PurgeTester.entry(30).key();
		Key removed = PurgeTester.entry(33).key();
		Map<Key, Integer> sent = new ConcurrentHashMap<>();
		RunReport report = run(new ForwardingKeyValueStore(store) {
			@Override
			public List<KeyEntry> find(Collection<Key> keys) {
				if (keys.contains(rewritten)) {
					store.write(List.of(new KeyValue(rewritten, null, Metadata.of(Map.of("n", 1L)), null)));
					store.delete(List.of(KeyEntry.of(removed)));
				}
				return super.find(keys);
			}

			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				entries.forEach((entry) -> sent.merge(entry.key(), 1, Integer::sum));
				return super.delete(entries);
			}
		}, DEFINITION + "recheck: true\n");
		assertThat(report.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(report.run().guarantee()).isEqualTo(Guarantee.RECHECK_THEN_DELETE);
		assertThat(report.counts()).isEqualTo(new EntryCounts(300, 200, 0, 0, 100, 98, 1, 1, 0));
		assertThat(report.spared()).isEqualTo(1);
		assertThat(report.vanished()).isEqualTo(1);
		assertThat(sent).hasSize(98).doesNotContainKeys(rewritten, removed);
		assertThat(store.snapshot()).containsKey(rewritten);
		assertThat(report.totals().calls().other()).isEqualTo(3);
	}

	@Test
	void aStoreThatComparesIsNotReadTwice() {
		MemoryStore store = new MemoryStore("compares", Clock.systemUTC(),
				StoreCapabilities.of(50, 40, StoreCapability.values()));
		store.write(PurgeTester.entries(30));
		RunReport report = run(new ForwardingKeyValueStore(store), DEFINITION + "recheck: true\n");
		assertThat(report.run().guarantee()).isEqualTo(Guarantee.COMPARE_AND_DELETE);
		assertThat(report.totals().calls().other()).isZero();
	}

	@Test
	void whereAPrefixIsDividedTheResultSaysWhichKeysWereVisited() {
		MemoryStore store = new MemoryStore("divided", Clock.systemUTC(), StoreCapabilities.of(50, 40, BLIND));
		Map<String, Long> names = new LinkedHashMap<>();
		List.of("a/", "a/0x", "a/1x", "a/0", "a/zx", "b/0").forEach((name) -> names.put(name, 0L));
		names.forEach(
				(name, n) -> store.write(List.of(new KeyValue(Key.of(name), null, Metadata.of(Map.of("n", n)), null))));
		RunReport report = run(store,
				PurgeTester.definition("[\"a/\"]", "all", 4).replace("select:\n", "select:\n  split-by: \"01\"\n"));
		assertThat(store.snapshot().keySet()).containsExactlyInAnyOrder(Key.of("a/"), Key.of("a/zx"), Key.of("b/0"));
		assertThat(report.run().reason()).isEqualTo("done; of the keys under a prefix, only those were visited that go"
				+ " on with one of '01' (split-by)");
		assertThat(report.totals().rangesDone()).isEqualTo(2);
	}

	@Test
	void partitionsThatChangeNothingAreNamedWithWhatWouldHelp() {
		List<String> hints = new ArrayList<>();
		RunListener listener = new RunListener() {
			@Override
			public void onHint(String line) {
				hints.add(line);
			}
		};
		PurgeTester tester = tester();
		tester.run(tester.jobs(filled(100, 50, 40)), PurgeTester.everyThird(8), RunMode.PURGE, false, listener);
		assertThat(hints).containsExactly("there is one range, so 'partitions: 8' does no more than 1 would: this store"
				+ " lists a prefix page after page; more prefixes would help, or 'select.split-by'");
		hints.clear();
		tester.run(tester.jobs(filled(100, 50, 40)), PurgeTester.everyThird(1), RunMode.PURGE, true, listener);
		assertThat(hints).isEmpty();
	}

	@Test
	void aRateThatWasDeclaredIsKept() {
		Map<String, Integer> calls = new HashMap<>();
		long begun = System.nanoTime();
		RunReport report = run(filled(500, 50, 40),
				DEFINITION.replace("max-fraction: 1", "max-fraction: 1, requests: 25 per 1s"));
		calls.put("all", (int) (report.totals().calls().list() + report.totals().calls().delete()));
		// 15 calls at 23 a second, the first of them at once.
		assertThat(calls.get("all")).isBetween(14, 17);
		assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(550));
	}

	private RunReport run(KeyValueStore store) {
		return run(store, DEFINITION);
	}

	private RunReport run(KeyValueStore store, String definition) {
		return tester().run(store, definition);
	}

	private PurgeTester tester() {
		return new PurgeTester(this.home);
	}

	private static List<Key> keys(List<KeyEntry> entries) {
		return entries.stream().map(KeyEntry::key).toList();
	}

	private static MemoryStore filled(int count, int page, int bulk) {
		MemoryStore store = new MemoryStore("remote", Clock.systemUTC(), StoreCapabilities.of(page, bulk, BLIND));
		store.write(PurgeTester.entries(count));
		return store;
	}

	/** Lists what was there at the beginning, whatever was deleted since. */
	private static final class LaggingStore extends ForwardingKeyValueStore {

		private final MemoryStore listing;

		LaggingStore(MemoryStore store) {
			super(store);
			this.listing = new MemoryStore("listing", Clock.systemUTC(), store.capabilities());
			this.listing.write(store.read(Set.copyOf(store.snapshot().keySet())));
		}

		@Override
		public KeyPage list(KeyRange range, ListingPosition from, int limit) {
			return this.listing.list(range, from, limit);
		}

	}

}
