package io.kvpurge.store.resilient;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import io.kvpurge.store.RateLimit;
import io.kvpurge.store.RequestRate;
import io.kvpurge.testkit.Interleavings;

/** What ranges share on their way to the store, with their threads in every order. */
class SharedTrafficTests {

	@Test
	void noCallIsLostInCounting() {
		Interleavings.of(() -> {
			CallMeter meter = new CallMeter();
			Interleavings.together(meter::countList, () -> {
				meter.countList();
				meter.countDelete();
			});
			check(meter.list() == 2 && meter.delete() == 1);
		});
	}

	@Test
	void theLongerPauseHoldsWhoeverWasToldFirst() {
		Interleavings.of(() -> {
			Time time = new Time();
			LocalPace pace = new LocalPace(null, time::now);
			Interleavings.together(() -> pace.pause(Duration.ofNanos(60)), () -> pace.pause(Duration.ofNanos(5)));
			check(time.ofNext(pace) == 60);
		});
	}

	@Test
	void noTwoRequestsGoOutInOneStep() {
		Interleavings.of(() -> {
			Time time = new Time();
			LocalPace pace = new LocalPace(null, time::now);
			pace.adjust(new RateLimit(2, Duration.ofNanos(300)));
			AtomicLong[] times = { new AtomicLong(), new AtomicLong() };
			Interleavings.together(() -> times[0].set(time.ofNext(pace)), () -> times[1].set(time.ofNext(pace)));
			check(Math.abs(times[0].get() - times[1].get()) >= 100);
		});
	}

	@Test
	void whoWentFirstLeavesTheLine() {
		Interleavings.of(() -> {
			Time time = new Time();
			LocalPace pace = new LocalPace(null, time::now);
			pace.adjust(new RateLimit(4, Duration.ofNanos(500)));
			Interleavings.together(() -> pace.await(time::passes, true), () -> pace.await(time::passes, true));
			// Whoever stands back for nobody waits longer than a step.
			check(time.ofNext(pace) == 300);
		});
	}

	@Test
	void noMoreBulkCallsAreUnderWayThanTheStoreTakes() {
		Interleavings.of(() -> {
			Traffic traffic = new Traffic(new LocalPace(null), 1);
			AtomicInteger underWay = new AtomicInteger();
			Interleavings.Work call = () -> {
				traffic.enter((duration) -> {
				});
				check(underWay.incrementAndGet() == 1);
				underWay.decrementAndGet();
				traffic.leave();
			};
			Interleavings.together(call, call);
			Interleavings.together(call);
		});
	}

	@Test
	void everyPauseIsCounted() {
		Interleavings.of(() -> {
			Traffic traffic = new Traffic(new LocalPace(null), 1);
			Interleavings.together(() -> traffic.pause(Duration.ZERO), () -> traffic.pause(Duration.ZERO));
			check(traffic.pauses() == 2);
		});
	}

	/** A token that two took would let requests out before their time. */
	@Test
	void noTokenOfTheRateIsTakenTwice() {
		Interleavings.asTheyCome(() -> {
			Time time = new Time();
			// A burst of 1, and 100 in 1000 ns: one in 10.
			LocalPace pace = new LocalPace(new RequestRate(103, Duration.ofNanos(1000)), time::now);
			Interleavings.Work range = () -> {
				for (int i = 0; i < 30; i++) {
					pace.await(time::isWaitedFor, false);
				}
			};
			Interleavings.together(range, range, range, range);
			check(time.now() >= (4 * 30 - 1) * 10);
		});
	}

	@Test
	void noTokenOfTheKeysIsTakenTwice() {
		Interleavings.asTheyCome(() -> {
			Time time = new Time();
			// Ten at once, one in 10 ms.
			KeyPace pace = new KeyPace(100, time::now);
			Interleavings.Work range = () -> {
				for (int i = 0; i < 10; i++) {
					pace.await(7, time::isWaitedFor);
				}
			};
			Interleavings.together(range, range, range);
			check(time.now() >= Duration.ofMillis(3 * 10 * 7 * 10).toNanos());
		});
	}

	private static void check(boolean holds) {
		if (!holds) {
			throw new IllegalStateException("it does not hold");
		}
	}

	/** Goes on for whoever waits, and never back. */
	private static final class Time {

		private final AtomicLong nanos = new AtomicLong();

		private final ThreadLocal<Long> seen = ThreadLocal.withInitial(() -> 0L);

		private long now() {
			long now = this.nanos.get();
			this.seen.set(now);
			return now;
		}

		private void passes(Duration duration) {
			this.nanos.addAndGet(duration.toNanos());
		}

		/**
		 * Goes on to then at least, from now: what this thread has seen can be long past,
		 * if others went on before it got its token.
		 */
		private void isWaitedFor(Duration duration) {
			this.nanos.accumulateAndGet(this.nanos.get() + duration.toNanos(), Math::max);
		}

		/** When the next request of this thread went out. */
		private long ofNext(LocalPace pace) throws InterruptedException {
			pace.await(this::passes, false);
			return this.seen.get();
		}

	}

}
