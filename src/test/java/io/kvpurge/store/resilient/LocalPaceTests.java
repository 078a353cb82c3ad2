package io.kvpurge.store.resilient;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import io.kvpurge.store.RateLimit;
import io.kvpurge.store.RequestRate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** When requests go out, by a clock that the waiting itself sets. */
class LocalPaceTests {

	private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);

	@Test
	void withoutALimitNobodyWaits() throws InterruptedException {
		assertThat(times(new LocalPace(null, this.nanos::get), 1000)).containsOnly(0L);
	}

	@Test
	void noWindowSeesMoreThanTheRateAndHardlyLess() throws InterruptedException {
		LocalPace pace = new LocalPace(new RequestRate(120, Duration.ofSeconds(30)), this.nanos::get);
		List<Long> times = times(pace, 1200);
		for (int i = 0; i + 120 < times.size(); i++) {
			assertThat(times.get(i + 120) - times.get(i)).isGreaterThanOrEqualTo(30_000);
		}
		assertThat(times.get(1199)).isLessThan((long) (1200 / 120 * 30_000 * 1.05));
	}

	@Test
	void aSilenceIsNoCreditForABurst() throws InterruptedException {
		LocalPace pace = new LocalPace(new RequestRate(100, Duration.ofSeconds(10)), this.nanos::get);
		this.nanos.addAndGet(Duration.ofHours(1).toNanos());
		assertThat(times(pace, 10).get(9)).isGreaterThan(700L);
	}

	@Test
	void aRateOfOneRequestIsARate() throws InterruptedException {
		List<Long> times = times(new LocalPace(new RequestRate(1, Duration.ofSeconds(10)), this.nanos::get), 3);
		assertThat(times).containsExactly(0L, 10_000L, 20_000L);
	}

	@Test
	void aPauseIsForEverybodyAndAShorterOneDoesNotEndIt() throws InterruptedException {
		LocalPace pace = new LocalPace(null, this.nanos::get);
		pace.pause(Duration.ofSeconds(60));
		pace.pause(Duration.ofSeconds(5));
		assertThat(times(pace, 2)).containsExactly(60_000L, 60_000L);
	}

	@Test
	void theLastRequestsThatTheStoreTakesAreSpreadUntilItTakesMore() throws InterruptedException {
		LocalPace pace = new LocalPace(null, this.nanos::get);
		pace.adjust(new RateLimit(200, Duration.ofSeconds(30)));
		assertThat(times(pace, 3)).containsOnly(0L);
		pace.adjust(new RateLimit(4, Duration.ofSeconds(30)));
		assertThat(times(pace, 6)).containsExactly(6_000L, 12_000L, 18_000L, 24_000L, 30_000L, 30_000L);
	}

	@Test
	void theyAreSpreadBeforeTheyAreSoFewThatPagesGrowOld() throws InterruptedException {
		LocalPace pace = new LocalPace(null, this.nanos::get);
		pace.adjust(new RateLimit(300, Duration.ofSeconds(280)));
		assertThat(times(pace, 3)).containsOnly(0L);
		pace.adjust(new RateLimit(139, Duration.ofSeconds(280)));
		assertThat(times(pace, 3)).containsExactly(2_000L, 4_000L, 6_000L);
		// A few seconds in which nobody asked do not let all who wait go at once.
		pace.adjust(new RateLimit(139, Duration.ofSeconds(112)));
		assertThat(times(pace, 2)).containsExactly(2_000L, 2_800L);
		pace.adjust(new RateLimit(1199, Duration.ofSeconds(300)));
		assertThat(times(pace, 2)).containsOnly(0L);
	}

	@Test
	void whoGoesFirstGoesBeforeWhoHasWaitedLonger() throws InterruptedException {
		LocalPace pace = new LocalPace(null, this.nanos::get);
		pace.adjust(new RateLimit(0, Duration.ofSeconds(12)));
		pace.adjust(new RateLimit(2, Duration.ofSeconds(12)));
		List<String> order = new ArrayList<>();
		AtomicLong waits = new AtomicLong();
		pace.await((duration) -> {
			if (waits.getAndIncrement() == 0) {
				// It lines up in the middle of the other's wait.
				pace.await((rest) -> this.nanos.addAndGet(rest.toNanos()), true);
				order.add("first");
			}
			this.nanos.addAndGet(duration.toNanos());
		}, false);
		order.add("other");
		assertThat(order).containsExactly("first", "other");
	}

	@Test
	void whereNoRequestIsLeftTheNextWaitsForTheReset() throws InterruptedException {
		LocalPace pace = new LocalPace(null, this.nanos::get);
		pace.adjust(new RateLimit(0, Duration.ofSeconds(12)));
		assertThat(times(pace, 1)).containsExactly(12_000L);
	}

	@Test
	void whoIsToldToGiveUpSendsNothing() {
		LocalPace pace = new LocalPace(null, this.nanos::get);
		pace.pause(Duration.ofSeconds(60));
		assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> pace.await((duration) -> {
			throw new InterruptedException("stop");
		}, false));
	}

	/** When so many requests went out, in milliseconds from now. */
	private List<Long> times(Pace pace, int count) throws InterruptedException {
		long begun = this.nanos.get();
		List<Long> times = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			pace.await((duration) -> this.nanos.addAndGet(duration.toNanos()), false);
			times.add((this.nanos.get() - begun) / 1_000_000);
		}
		return times;
	}

}
