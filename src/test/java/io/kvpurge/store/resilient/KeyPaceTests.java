package io.kvpurge.store.resilient;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.testkit.ForwardingKeyValueStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class KeyPaceTests {

	private final AtomicLong nanos = new AtomicLong();

	private final KeyPace pace = new KeyPace(1000, this.nanos::get);

	private void pass(Duration duration) {
		this.nanos.addAndGet(duration.toNanos());
	}

	private double seconds() {
		return this.nanos.get() / 1e9;
	}

	@Test
	void keysGoAtTheirPaceWhateverTheSizeOfACall() throws InterruptedException {
		for (int keys : new int[] { 1, 99, 100, 3000, 800, 1000 }) {
			this.pace.await(keys, this::pass);
		}
		assertThat(seconds()).isCloseTo(5, within(0.1));
	}

	@Test
	void aSilenceIsNoCreditForMoreThanATenthOfASecond() throws InterruptedException {
		pass(Duration.ofHours(1));
		this.pace.await(1000, this::pass);
		assertThat(seconds() - 3600).isGreaterThan(0.85);
	}

	@Test
	void aSlowPaceIsOneKeyAtATime() throws InterruptedException {
		KeyPace slow = new KeyPace(3, this.nanos::get);
		slow.await(9, this::pass);
		assertThat(seconds()).isCloseTo(3, within(0.4));
		assertThat(KeyPace.keysAtOnce(3)).isEqualTo(1);
		assertThat(KeyPace.keysAtOnce(5000)).isEqualTo(500);
	}

	/** Listing does not. */
	@Test
	void deletesOfAllRangesWaitTogether() {
		MemoryStore memory = new MemoryStore("pace", Clock.systemUTC());
		KeyValueStore store = new ForwardingKeyValueStore(memory) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				return DeleteResult.allDeleted(entries.stream().map(KeyEntry::key).toList());
			}
		};
		Traffic traffic = new Traffic(new LocalPace(null, this.nanos::get), 2, this.pace);
		List<KeyEntry> entries = IntStream.range(0, 500).mapToObj((i) -> KeyEntry.of(Key.of("k" + i))).toList();
		for (int range = 0; range < 4; range++) {
			ResilientKeyValueStore paced = new ResilientKeyValueStore(store, RetrySettings.DEFAULT, traffic,
					new CallMeter(), this::pass, () -> {
					});
			paced.list(KeyRange.of(Key.of("")), ListingPosition.START, 100);
			assertThat(paced.delete(entries, Duration.ofMinutes(1)).deleted()).hasSize(500);
		}
		assertThat(seconds()).isCloseTo(2, within(0.1));
	}

}
