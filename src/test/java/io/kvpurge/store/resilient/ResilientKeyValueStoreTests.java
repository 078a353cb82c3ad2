package io.kvpurge.store.resilient;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;
import io.kvpurge.store.UnsuccessfulKeysException;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.testkit.ForwardingKeyValueStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ResilientKeyValueStoreTests {

	private static final RetrySettings SETTINGS = new RetrySettings(4, Duration.ofMillis(100), Duration.ofMillis(250),
			Duration.ofMinutes(1));

	private static final List<KeyEntry> BATCH = List.of(KeyEntry.of(Key.of("a")), KeyEntry.of(Key.of("b")),
			KeyEntry.of(Key.of("c")));

	private final List<Duration> pauses = new ArrayList<>();

	private final CallMeter meter = new CallMeter();

	private final ScriptedStore scripted = new ScriptedStore();

	private final AtomicLong nanos = new AtomicLong();

	private final Traffic traffic = new Traffic(new LocalPace(null, this.nanos::get), 2);

	private final ResilientKeyValueStore store = store(this::pause);

	@Test
	void aCallThatFailsInPassingIsMadeAgain() {
		this.scripted.failListing(busy(null), busy(null));
		assertThat(list().next()).isNull();
		assertThat(this.meter.list()).isEqualTo(3);
		assertThat(this.meter.retried()).isEqualTo(2);
	}

	@Test
	void pausesDoubleUpToTheLongestAndARandomHalfOfThemIsLeftOut() {
		this.scripted.failListing(busy(null), busy(null), busy(null));
		list();
		assertThat(this.pauses).hasSize(3);
		assertThat(this.pauses.get(0)).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
		assertThat(this.pauses.get(1)).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
		assertThat(this.pauses.get(2)).isBetween(Duration.ofMillis(125), Duration.ofMillis(250));
	}

	@Test
	void thePauseThatTheStoreAsksForIsObeyed() {
		this.scripted.failListing(busy(Duration.ofSeconds(17)));
		list();
		assertThat(this.pauses).containsExactly(Duration.ofSeconds(17));
	}

	@Test
	void whatTheStoreAsksOfOneHoldsForAll() {
		this.scripted.failListing(busy(Duration.ofSeconds(17)));
		assertThatExceptionOfType(TransientStoreException.class).isThrownBy(() -> store((duration) -> {
			throw new InterruptedException("stop");
		}).list(KeyRange.of(Key.of("")), ListingPosition.START, 10));
		list();
		assertThat(this.pauses).containsExactly(Duration.ofSeconds(17));
	}

	@Test
	void throttlingIsOutlastedHoweverOftenTheStoreAsks() {
		for (int i = 0; i < 100; i++) {
			this.scripted.failListing(busy(Duration.ofSeconds(1)));
		}
		list();
		assertThat(this.meter.list()).isEqualTo(101);
		assertThat(this.pauses).hasSize(100);
	}

	@Test
	void afterTheLastAttemptTheFailureIsTheCallers() {
		TransientStoreException last = busy(null);
		this.scripted.failListing(busy(null), busy(null), busy(null), last);
		assertThatExceptionOfType(TransientStoreException.class).isThrownBy(this::list).isSameAs(last);
		assertThat(this.meter.list()).isEqualTo(4);
	}

	@Test
	void whatFailsForGoodIsNotMadeAgain() {
		this.scripted.failListing(new StoreException("no permission"));
		assertThatExceptionOfType(StoreException.class).isThrownBy(this::list).withMessage("no permission");
		assertThat(this.meter.list()).isEqualTo(1);
		assertThat(this.meter.retried()).isZero();
	}

	@Test
	void aWaitThatIsInterruptedGivesTheCallUpWithItsFailure() {
		ResilientKeyValueStore impatient = new ResilientKeyValueStore(this.scripted, SETTINGS, this.meter,
				(duration) -> {
					throw new InterruptedException("stop");
				});
		this.scripted.failListing(busy(null));
		assertThatExceptionOfType(TransientStoreException.class)
			.isThrownBy(() -> impatient.list(KeyRange.of(Key.of("")), ListingPosition.START, 10))
			.withMessage("busy");
		this.scripted.answer(undone("a", "b", "c"));
		DeleteResult result = impatient.delete(BATCH);
		assertThat(result.undone()).hasSize(3);
		assertThat(result.cause()).hasMessage("busy");
	}

	@Test
	void onlyUndoneKeysAreSentAgain() {
		this.scripted.answer((keys) -> DeleteResult.allDeleted(List.of(Key.of("a"))).and(undone("b", "c").apply(keys)),
				(keys) -> DeleteResult.allDeleted(List.of(Key.of("c"))).and(undone("b").apply(keys)),
				DeleteResult::allDeleted);
		DeleteResult result = this.store.delete(BATCH);
		assertThat(this.scripted.sent).containsExactly(keys("a", "b", "c"), keys("b", "c"), keys("b"));
		assertThat(result.deleted()).containsExactlyInAnyOrder(Key.of("a"), Key.of("b"), Key.of("c"));
		assertThat(result.cause()).isNull();
		assertThat(this.meter.delete()).isEqualTo(3);
		assertThat(this.meter.retried()).isEqualTo(2);
	}

	@Test
	void nothingIsSentAgainWhileAKeyIsInDoubt() {
		this.scripted.answer(
				(keys) -> DeleteResult.allDoubtful(List.of(Key.of("a")), busy(null)).and(undone("b", "c").apply(keys)));
		DeleteResult result = this.store.delete(BATCH);
		assertThat(this.scripted.sent).hasSize(1);
		assertThat(result.doubtful()).containsExactly(Key.of("a"));
		assertThat(result.undone()).containsExactly(Key.of("b"), Key.of("c"));
	}

	@Test
	void aPermanentFailureLosesNothingOfWhatIsKnown() {
		this.scripted.answer((keys) -> DeleteResult.allDeleted(List.of(Key.of("a"))).and(undone("b", "c").apply(keys)),
				(keys) -> {
					throw new StoreException("token revoked");
				});
		DeleteResult result = this.store.delete(BATCH);
		assertThat(result.deleted()).containsExactly(Key.of("a"));
		assertThat(result.undone()).containsExactly(Key.of("b"), Key.of("c"));
		assertThat(result.cause()).hasMessage("token revoked");
		assertThat(this.scripted.sent).hasSize(2);
	}

	@Test
	void aPermanentFailureAtOnceIsTheCallers() {
		this.scripted.answer((keys) -> {
			throw new StoreException("no permission");
		});
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.store.delete(BATCH))
			.withMessage("no permission");
	}

	@Test
	void nothingIsSentOnceItIsTooLate() {
		DeleteResult result = this.store.delete(BATCH, Duration.ZERO);
		assertThat(this.scripted.sent).isEmpty();
		assertThat(result.undone()).hasSize(3);
		assertThat(result.cause()).hasMessageContaining("listed again");
		assertThat(this.meter.delete()).isZero();
	}

	@Test
	void aDeleteIsNotRepeatedForLongerThanItMayBe() {
		Duration within = Duration.ofMillis(50);
		ResilientKeyValueStore slow = new ResilientKeyValueStore(this.scripted, SETTINGS, this.meter, (duration) -> {
			this.pauses.add(duration);
			long end = System.nanoTime() + within.toNanos();
			Awaitility.await()
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(1))
				.until(() -> System.nanoTime() - end >= 0);
		});
		this.scripted.answer(undone("a", "b", "c"));
		DeleteResult result = slow.delete(BATCH, within);
		assertThat(this.scripted.sent).hasSize(1);
		assertThat(result.undone()).hasSize(3);
		assertThat(result.cause()).hasMessage("busy");
	}

	@Test
	void keysThatTheStoreDoesNotDeleteAndSaysNotWhyAreSentAgainAndThenNamedAsRefused() {
		Function<List<Key>, DeleteResult> half = (keys) -> DeleteResult.allDeleted(List.of(Key.of("a"), Key.of("c")))
			.and(DeleteResult.allUndone(keys("b"), new UnsuccessfulKeysException("1 of 3 keys was not deleted")));
		Function<List<Key>, DeleteResult> not = (keys) -> DeleteResult.allUndone(keys,
				new UnsuccessfulKeysException("1 of 1 keys was not deleted"));
		this.scripted.answer(half, not, not, not);
		DeleteResult result = this.store.delete(BATCH);
		assertThat(this.scripted.sent).containsExactly(keys("a", "b", "c"), keys("b"), keys("b"), keys("b"));
		assertThat(result.deleted()).containsExactly(Key.of("a"), Key.of("c"));
		assertThat(result.refused()).containsOnlyKeys(Key.of("b"));
		assertThat(result.refused().get(Key.of("b"))).contains("4 times");
		assertThat(result.cause()).isNull();
	}

	@Test
	void readsAreMadeInPartsOfWhichEachIsACall() {
		MemoryStore small = new MemoryStore("small", Clock.systemUTC(), MemoryStore.EVERYTHING.withReadLimit(2));
		small.write(BATCH.stream().map((entry) -> new KeyValue(entry.key(), null, Metadata.ABSENT, null)).toList());
		ResilientKeyValueStore reader = new ResilientKeyValueStore(small, SETTINGS, this.meter, this.pauses::add);
		assertThat(reader.find(keys("a", "b", "c"))).hasSize(3);
		assertThat(this.meter.other()).isEqualTo(2);
		assertThat(reader.read(keys("a", "b", "c", "d"))).hasSize(3);
		assertThat(this.meter.other()).isEqualTo(4);
	}

	/** Waits by setting the clock. */
	private void pause(Duration duration) {
		this.pauses.add(duration);
		this.nanos.addAndGet(duration.toNanos());
	}

	private ResilientKeyValueStore store(Waiter waiter) {
		return new ResilientKeyValueStore(this.scripted, SETTINGS, this.traffic, this.meter, waiter, () -> {
		});
	}

	private KeyPage list() {
		return this.store.list(KeyRange.of(Key.of("")), ListingPosition.START, 10);
	}

	private static TransientStoreException busy(Duration retryAfter) {
		return new TransientStoreException("busy", null, retryAfter);
	}

	private static Function<List<Key>, DeleteResult> undone(String... names) {
		return (keys) -> DeleteResult.allUndone(keys(names), busy(null));
	}

	private static List<Key> keys(String... names) {
		return java.util.Arrays.stream(names).map(Key::of).toList();
	}

	/** Answers as it is told, then as an empty store. */
	private static final class ScriptedStore extends ForwardingKeyValueStore {

		private final Deque<StoreException> failures = new ArrayDeque<>();

		private final Deque<Function<List<Key>, DeleteResult>> answers = new ArrayDeque<>();

		private final List<List<Key>> sent = new ArrayList<>();

		ScriptedStore() {
			super(new MemoryStore("scripted", Clock.systemUTC()));
		}

		void failListing(StoreException... next) {
			this.failures.addAll(List.of(next));
		}

		@SafeVarargs
		final void answer(Function<List<Key>, DeleteResult>... next) {
			this.answers.addAll(List.of(next));
		}

		@Override
		public KeyPage list(KeyRange range, ListingPosition from, int limit) {
			if (!this.failures.isEmpty()) {
				throw this.failures.pop();
			}
			return super.list(range, from, limit);
		}

		@Override
		public DeleteResult delete(List<KeyEntry> entries) {
			List<Key> keys = entries.stream().map(KeyEntry::key).toList();
			this.sent.add(keys);
			return this.answers.pop().apply(keys);
		}

	}

}
