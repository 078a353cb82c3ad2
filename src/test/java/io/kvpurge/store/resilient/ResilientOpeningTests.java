package io.kvpurge.store.resilient;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;
import io.kvpurge.store.memory.MemoryStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ResilientOpeningTests {

	private static final TransientStoreException THROTTLED = new TransientStoreException("429", null,
			Duration.ofSeconds(7));

	private final List<Duration> pauses = new ArrayList<>();

	private final Deque<StoreException> failures = new ArrayDeque<>();

	private final ResilientOpening opening = new ResilientOpening(RetrySettings.DEFAULT, this.pauses::add);

	@Test
	void aThrottledStoreIsWaitedFor() {
		this.failures.addAll(List.of(THROTTLED, THROTTLED));
		assertThat(this.opening.open(this::open)).isNotNull();
		assertThat(this.pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(7));
	}

	@Test
	void aStoreThatCannotBeReachedFailsAtOnce() {
		this.failures.add(new TransientStoreException("connection refused", null, null));
		assertThatExceptionOfType(TransientStoreException.class).isThrownBy(() -> this.opening.open(this::open))
			.withMessage("connection refused");
		assertThat(this.pauses).isEmpty();
	}

	@Test
	void whoIsToldToGiveUpHearsTheStoresLastWord() {
		this.failures.add(THROTTLED);
		ResilientOpening impatient = new ResilientOpening(RetrySettings.DEFAULT, (duration) -> {
			throw new InterruptedException("stop");
		});
		assertThatExceptionOfType(TransientStoreException.class).isThrownBy(() -> impatient.open(this::open))
			.isSameAs(THROTTLED);
	}

	private KeyValueStore open() {
		if (!this.failures.isEmpty()) {
			throw this.failures.pop();
		}
		return new MemoryStore("opened", Clock.systemUTC());
	}

}
