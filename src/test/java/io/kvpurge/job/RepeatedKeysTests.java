package io.kvpurge.job;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.Cursor;
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
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.testkit.ForwardingKeyValueStore;
import io.kvpurge.testkit.MutableClock;

import static org.assertj.core.api.Assertions.assertThat;

/** Each key counts once, however often a listing shows it. */
class RepeatedKeysTests {

	private static final int KEYS = 3000;

	/** As {@link PurgeTester#EVERY_THIRD} says. */
	private static final EntryCounts ONCE = new EntryCounts(KEYS, 2000, 0, 0, 1000, 1000, 0, 0, 0);

	@TempDir
	private Path home;

	private MemoryStore store = new MemoryStore("unused", Clock.systemUTC());

	@BeforeEach
	void fill() {
		this.store = new MemoryStore("repeating", Clock.systemUTC(),
				StoreCapabilities.of(100, 300, StoreCapability.METADATA_IN_LISTING, StoreCapability.CONDITIONAL_DELETE,
						StoreCapability.TELLS_VANISHED));
		this.store.write(PurgeTester.entries(KEYS));
	}

	private Path counted() {
		return Objects.requireNonNull(tester().folder().countedFolder());
	}

	private PurgeTester tester() {
		return new PurgeTester(this.home);
	}

	private void assertCountedOnce(RunReport report) {
		assertThat(report.run().state()).as(report.errors().toString()).isEqualTo(RunState.COMPLETED);
		assertThat(report.counts()).isEqualTo(ONCE);
		assertThat(this.store.snapshot().keySet()).containsExactlyInAnyOrderElementsOf(PurgeTester.staying(KEYS));
		tester().assertDeletedExactlyOnce(report.run().id(), PurgeTester.going(KEYS));
	}

	@Test
	void whileEntriesAreDeletedAsTheyAreFound() {
		Repeating repeating = new Repeating(this.store);
		assertCountedOnce(tester().run(repeating, PurgeTester.everyThird(1)));
		assertThat(repeating.shown).isGreaterThan(KEYS * 5 / 4);
	}

	@Test
	void whileEverythingIsFoundFirst() {
		assertCountedOnce(
				tester().run(new Repeating(this.store), PurgeTester.guarded("[\"\"]", PurgeTester.EVERY_THIRD, 1)));
	}

	@Test
	void overManyAttempts() {
		for (int attempt = 0; attempt < 3; attempt++) {
			assertThat(tester().runStoppedAfter(new Repeating(this.store), 1, PurgeTester.everyThird(1)).run().state())
				.isEqualTo(RunState.STOPPED);
		}
		assertCountedOnce(tester().run(new Repeating(this.store), PurgeTester.everyThird(1)));
		assertThat(counted()).doesNotExist();
	}

	/** As a server that was started again. */
	@Test
	void whereTheListingBeginsAnew() {
		assertThat(tester().runStoppedAfter(new Repeating(this.store), 2, PurgeTester.everyThird(1)).run().state())
			.isEqualTo(RunState.STOPPED);
		boolean[] begun = new boolean[1];
		assertCountedOnce(tester().run(new Repeating(this.store) {
			@Override
			public KeyPage list(KeyRange range, ListingPosition from, int limit) {
				ListingPosition position = begun[0] ? from : ListingPosition.START;
				begun[0] = true;
				return super.list(range, position, limit);
			}
		}, PurgeTester.everyThird(1)));
	}

	@Test
	void whereWhatWasCountedIsNotRememberedAnyMore() {
		assertThat(tester().runStoppedAfter(new Repeating(this.store), 2, PurgeTester.everyThird(1)).run().state())
			.isEqualTo(RunState.STOPPED);
		assertThat(counted()).isNotEmptyDirectory();
		FileSystemUtils.deleteRecursively(counted().toFile());
		assertCountedOnce(tester().run(new Repeating(this.store), PurgeTester.everyThird(1)));
	}

	@Test
	void whereWhatWasFoundIsNotRememberedAnyMore() throws Exception {
		String definition = PurgeTester.guarded("[\"\"]", PurgeTester.EVERY_THIRD, 1);
		MutableClock clock = new MutableClock(Instant.parse("2026-01-01T00:00:00Z"));
		PurgeTester tester = new PurgeTester(this.home, clock);
		PurgeJobs[] jobs = new PurgeJobs[1];
		int[] pages = new int[1];
		jobs[0] = tester.jobs(new Repeating(this.store) {
			@Override
			public KeyPage list(KeyRange range, ListingPosition from, int limit) {
				// Progress is written down each half second.
				clock.advance(Duration.ofSeconds(1));
				if (++pages[0] == 20) {
					jobs[0].requestStop("enough");
				}
				return super.list(range, from, limit);
			}
		});
		RunReport first = tester.run(jobs[0], definition, RunMode.PURGE, false);
		assertThat(first.counts().matched()).isPositive();
		try (Stream<Path> files = Files.walk(counted())) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				Files.write(file, new byte[16]);
			}
		}
		assertCountedOnce(tester().run(new Repeating(this.store), definition));
	}

	@Test
	void whereSomeAreSpared() {
		Set<Key> rewritten = new HashSet<>();
		RunReport report = tester().run(new Repeating(this.store) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				entries.stream().map(KeyEntry::key).filter((key) -> key.text().endsWith("3")).forEach((key) -> {
					RepeatedKeysTests.this.store
						.write(List.of(new KeyValue(key, null, Metadata.of(Map.of("n", 3_000_000L)), null)));
					rewritten.add(key);
				});
				return super.delete(entries);
			}
		}, PurgeTester.everyThird(1));
		assertThat(report.counts()).isEqualTo(new EntryCounts(KEYS, 2000, 0, 0, 1000, 900, 0, 100, 0));
		assertThat(rewritten).hasSize(100);
	}

	/** What is written anew once it is gone is another entry. */
	@Test
	void butWhatIsWrittenAnewCountsAnew() {
		Key anew = PurgeTester.entry(0).key();
		Cursor last = new Cursor("last");
		RunReport report = tester().run(new ForwardingKeyValueStore(this.store) {
			@Override
			public KeyPage list(KeyRange range, ListingPosition from, int limit) {
				if (last.equals(from.cursor())) {
					return new KeyPage(find(List.of(anew)), null);
				}
				KeyPage page = super.list(range, from, limit);
				if (page.next() != null) {
					return page;
				}
				assertThat(find(List.of(anew))).isEmpty();
				write(List.of(PurgeTester.entry(0)));
				return new KeyPage(page.entries(), last);
			}
		}, PurgeTester.everyThird(1));
		assertThat(report.counts()).isEqualTo(ONCE.plus(new EntryCounts(1, 0, 0, 0, 1, 1, 0, 0, 0)));
	}

	/**
	 * A listing without an order, which shows with each page some of what it has shown
	 * before, as a hash table that is made smaller.
	 */
	private static class Repeating extends ForwardingKeyValueStore {

		private final Random random = new Random(42);

		private final List<Key> before = new ArrayList<>();

		private int shown;

		Repeating(MemoryStore store) {
			super(store);
		}

		@Override
		public KeyPage list(KeyRange range, ListingPosition from, int limit) {
			KeyPage page = super.list(range, from, limit / 2);
			List<KeyEntry> entries = new ArrayList<>(page.entries());
			for (int i = 0; i < limit / 2 && !this.before.isEmpty(); i++) {
				// What is gone is not shown.
				for (KeyEntry again : find(List.of(this.before.get(this.random.nextInt(this.before.size()))))) {
					entries.add(this.random.nextInt(entries.size() + 1), again);
				}
			}
			page.entries().forEach((entry) -> this.before.add(entry.key()));
			this.shown += entries.size();
			return new KeyPage(entries, page.next());
		}

	}

}
