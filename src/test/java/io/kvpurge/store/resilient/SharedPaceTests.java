package io.kvpurge.store.resilient;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import org.junit.jupiter.api.Test;

import io.kvpurge.store.RateLimit;
import io.kvpurge.store.RequestRate;
import io.kvpurge.store.StoreCapabilities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Several processes at one pace, by a clock that the waiting itself sets. */
class SharedPaceTests {

	private static final RequestRate RATE = new RequestRate(6000, Duration.ofSeconds(60));

	private final AtomicLong nanos = new AtomicLong(5_000_000_000L);

	private final Agreed agreed = new Agreed(this.nanos, RATE);

	@Test
	void allTogetherKeepTheRateAndAskSeldom() throws InterruptedException {
		List<SharedPace> processes = List.of(pace(), pace(), pace(), pace());
		List<Long> times = new ArrayList<>();
		for (int i = 0; i < 12_000; i++) {
			processes.get(i % processes.size()).await(this::elapse, false);
			times.add(this.nanos.get());
		}
		for (int i = 0; i + RATE.requests() < times.size(); i++) {
			assertThat(times.get(i + (int) RATE.requests()) - times.get(i))
				.isGreaterThanOrEqualTo(RATE.per().toNanos() * 98 / 100);
		}
		assertThat(times.get(times.size() - 1) - times.get(0)).isLessThan((long) (120e9 * 1.05));
		assertThat(this.agreed.asked).isLessThan(12_000 / 8);
	}

	@Test
	void aPauseOfOneHoldsForTheOthersWithinHalfASecond() throws InterruptedException {
		SharedPace one = pace();
		SharedPace other = pace();
		other.await(this::elapse, false);
		one.pause(Duration.ofSeconds(60));
		elapse(Duration.ofMillis(500));
		long before = this.nanos.get();
		other.await(this::elapse, false);
		assertThat(this.nanos.get() - before).isBetween(59_000_000_000L, 60_000_000_000L);
	}

	@Test
	void whatTheStoreHasLeftIsDividedByTheProcesses() throws InterruptedException {
		SharedPace pace = new SharedPace(this.agreed, null, this.nanos::get);
		this.agreed.processes = 4;
		pace.await(this::elapse, false);
		pace.adjust(new RateLimit(3, Duration.ofSeconds(60)));
		long before = this.nanos.get();
		pace.await(this::elapse, false);
		// None of three is this one's: it waits until they are filled up.
		assertThat(this.nanos.get() - before).isEqualTo(60_000_000_000L);
	}

	@Test
	void whatWasTakenAndNotUsedIsGivenUp() throws InterruptedException {
		SharedPace pace = pace();
		pace.await(this::elapse, false);
		elapse(Duration.ofSeconds(2));
		pace.await(this::elapse, false);
		assertThat(this.agreed.asked).isEqualTo(2);
	}

	@Test
	void soManyBulkCallsAsTheStoreTakesAreUnderWayInAllProcesses() throws InterruptedException {
		StoreCapabilities capabilities = StoreCapabilities.of(10, 10).withBulkCallsAtOnce(2);
		Traffic one = Traffic.shared(capabilities, this.agreed, null);
		Traffic other = Traffic.shared(capabilities, this.agreed, null);
		one.enter(this::elapse);
		other.enter(this::elapse);
		assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> other.enter((duration) -> {
			throw new InterruptedException("all are taken");
		}));
		List<Duration> waits = new ArrayList<>();
		other.enter((duration) -> {
			waits.add(duration);
			one.leave();
		});
		assertThat(waits).containsExactly(Duration.ofMillis(500));
		other.leave();
		other.leave();
		assertThat(this.agreed.entered).isZero();
	}

	@Test
	void whereAStoreTakesAnyNumberNobodyIsAsked() throws InterruptedException {
		Traffic traffic = Traffic.shared(StoreCapabilities.of(10, 10), this.agreed, null);
		traffic.enter(this::elapse);
		assertThat(this.agreed.entered).isZero();
		traffic.leave();
	}

	private SharedPace pace() {
		return new SharedPace(this.agreed, RATE, this.nanos::get);
	}

	private void elapse(Duration duration) {
		this.nanos.addAndGet(duration.toNanos());
	}

	/** What a database would hold. */
	private static final class Agreed implements SharedLimits {

		private final AtomicLong nanos;

		private final Bucket bucket;

		private long pausedUntil;

		private int asked;

		private int processes = 1;

		private int entered;

		Agreed(AtomicLong nanos, RequestRate rate) {
			this.nanos = nanos;
			this.bucket = Bucket.builder()
				.addLimit(SharedPace.bandwidth(rate))
				.withCustomTimePrecision(new TimeMeter() {
					@Override
					public long currentTimeNanos() {
						return nanos.get();
					}

					@Override
					public boolean isWallClockBased() {
						return false;
					}
				})
				.build();
		}

		@Override
		public long reserve(int requests) {
			this.asked++;
			return this.bucket.consumeIgnoringRateLimits(requests);
		}

		@Override
		public void pause(Duration duration) {
			this.pausedUntil = this.nanos.get() + duration.toNanos();
		}

		@Override
		public Duration paused() {
			return Duration.ofNanos(Math.max(0, this.pausedUntil - this.nanos.get()));
		}

		@Override
		public boolean enter(int places) {
			if (this.entered == places) {
				return false;
			}
			this.entered++;
			return true;
		}

		@Override
		public void leave() {
			this.entered--;
		}

		@Override
		public int processes() {
			return this.processes;
		}

	}

}
