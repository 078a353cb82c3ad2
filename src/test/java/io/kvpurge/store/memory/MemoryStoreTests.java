package io.kvpurge.store.memory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.KeyValueStoreContract;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.store.Value;
import io.kvpurge.testkit.MutableClock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class MemoryStoreTests extends KeyValueStoreContract {

	private static final AtomicInteger names = new AtomicInteger();

	private String name = "";

	@Override
	protected KeyValueStore openEmpty() {
		this.name = "contract-" + names.incrementAndGet();
		return openAgain();
	}

	@Override
	protected KeyValueStore openAgain() {
		return new MemoryStoreType().open(new StoreOptions(Map.of("name", List.of(this.name))));
	}

	/** A store that can do less keeps the rest of the contract. */
	abstract static class Reduced extends KeyValueStoreContract {

		private KeyValueStore last;

		abstract StoreCapabilities capabilities();

		@Override
		protected KeyValueStore openEmpty() {
			this.last = new MemoryStore("reduced-" + names.incrementAndGet(), Clock.systemUTC(), capabilities());
			return this.last;
		}

		@Override
		protected KeyValueStore openAgain() {
			return this.last;
		}

	}

	@Nested
	class WithoutAnyAbility extends Reduced {

		@Override
		StoreCapabilities capabilities() {
			return StoreCapabilities.of(1000, 100);
		}

	}

	@Nested
	class LikeAStoreThatComparesButShowsNoMetadata extends Reduced {

		@Override
		StoreCapabilities capabilities() {
			return StoreCapabilities.of(1000, 7, StoreCapability.CONDITIONAL_DELETE, StoreCapability.TELLS_VANISHED,
					StoreCapability.RESUMABLE);
		}

	}

	@Test
	void whereNoValuesAreKeptNoneIsAdded() {
		MemoryStore store = new MemoryStore("bare", Clock.systemUTC(), StoreCapabilities.of(10, 10));
		KeyValue value = new KeyValue(Key.of("a"), Value.of("x"), Metadata.ABSENT, null);
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> store.add(List.of(value)));
		assertThat(store.snapshot()).isEmpty();
	}

	@Nested
	class LikeAStoreThatListsInOrderAndDeletesBlindly extends Reduced {

		@Override
		StoreCapabilities capabilities() {
			return StoreCapabilities.of(1000, 1000, StoreCapability.METADATA_IN_LISTING, StoreCapability.ORDERED,
					StoreCapability.SPLITTABLE, StoreCapability.VALUES);
		}

	}

	@Nested
	class Expiration {

		private final MutableClock clock = new MutableClock(Instant.parse("2030-01-01T00:00:00Z"));

		private final MemoryStore store = new MemoryStore("expiring", this.clock);

		private void write(String key, Duration ttl) {
			this.store.write(List.of(new KeyValue(Key.of(key), null, Metadata.ABSENT, this.clock.instant().plus(ttl))));
		}

		@Test
		void whatIsExpiredIsNeitherListedNorFoundNorDeleted() {
			write("a", Duration.ofSeconds(1));
			write("b", Duration.ofSeconds(2));
			List<KeyEntry> seen = this.store.find(List.of(Key.of("a"), Key.of("b")));
			this.clock.advance(Duration.ofSeconds(1));
			assertThat(this.store.find(List.of(Key.of("a"), Key.of("b")))).extracting(KeyEntry::key)
				.containsExactly(Key.of("b"));
			DeleteResult result = this.store.delete(seen);
			assertThat(result.vanished()).containsExactly(Key.of("a"));
			assertThat(result.deleted()).containsExactly(Key.of("b"));
		}

		@Test
		void whatIsExpiredIsNotReadAndNotInTheWayOfWhatIsAdded() {
			List<Key> key = List.of(Key.of("a"));
			write("a", Duration.ofSeconds(1));
			assertThat(this.store.read(key)).hasSize(1);
			assertThat(this.store.readStored(key)).hasSize(1);
			KeyValue added = new KeyValue(Key.of("a"), null, Metadata.ABSENT, null);
			assertThat(this.store.add(List.of(added))).isEqualTo(key);
			this.clock.advance(Duration.ofSeconds(1));
			assertThat(this.store.read(key)).isEmpty();
			assertThat(this.store.readStored(key)).isEmpty();
			assertThat(this.store.add(List.of(added))).isEmpty();
			assertThat(this.store.read(key)).containsExactly(added);
		}

		@Test
		void aPageMayBeEmptyWhileMoreFollow() {
			write("a", Duration.ofSeconds(1));
			write("b", Duration.ofSeconds(1));
			write("c", Duration.ofHours(1));
			this.clock.advance(Duration.ofSeconds(1));
			KeyPage first = this.store.list(KeyRange.of(Key.of("")), ListingPosition.START, 2);
			assertThat(first.entries()).isEmpty();
			assertThat(first.next()).isNotNull();
			assertThat(this.store.list(KeyRange.of(Key.of("")), ListingPosition.at(first.next()), 2).entries())
				.extracting(KeyEntry::key)
				.containsExactly(Key.of("c"));
		}

	}

}
