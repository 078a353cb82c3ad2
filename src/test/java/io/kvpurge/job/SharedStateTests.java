package io.kvpurge.job;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import io.kvpurge.ledger.FencedException;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunState;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.testkit.Interleavings;
import io.kvpurge.testkit.SteppingClock;

/** What the threads of a run share, with these threads in every order. */
class SharedStateTests {

	@Test
	void theFirstRequestToStopStays() {
		Interleavings.of(() -> {
			StopSignal stop = new StopSignal();
			AtomicReference<String> seen = new AtomicReference<>();
			Interleavings.together(() -> stop.request("held"), () -> stop.request(RunState.FAILED, "lost"),
					() -> seen.set(stop.reason()));
			boolean held = "held".equals(stop.reason());
			check(stop.isRequested() && stop.state() == (held ? RunState.STOPPED : RunState.FAILED));
			check(seen.get() == null || seen.get().equals(stop.reason()));
		});
	}

	@Test
	void whoWaitsIsWokenByTheRequest() {
		Interleavings.of(() -> {
			StopSignal stop = new StopSignal();
			AtomicBoolean woken = new AtomicBoolean();
			Interleavings.together(() -> {
				try {
					stop.await(Duration.ofDays(1));
				}
				catch (InterruptedException ex) {
					woken.set(true);
				}
			}, () -> stop.request("held"));
			check(woken.get());
		});
	}

	@Test
	void noMorePagesAreAheadThanThereIsRoomForAndNoLeaveIsLost() {
		Interleavings.of(() -> {
			// Room for two pages.
			PageBudget budget = new PageBudget(StoreCapabilities.of(12_500, 12_500), 1);
			AtomicInteger ahead = new AtomicInteger();
			Interleavings.Work range = () -> {
				if (budget.tryAhead()) {
					check(ahead.incrementAndGet() <= 2);
					ahead.decrementAndGet();
					budget.release();
				}
			};
			Interleavings.together(range, range, range);
			check(budget.tryAhead() && budget.tryAhead() && !budget.tryAhead());
		});
	}

	@Test
	void ownershipThatWasLostStaysLost() {
		Interleavings.of(() -> {
			AtomicInteger proofs = new AtomicInteger();
			StopSignal stop = new StopSignal();
			// So old is each proof at once that the next one is asked for.
			Clock clock = new SteppingClock(Instant.EPOCH, Duration.ofHours(1));
			try (RunOwnership ownership = new RunOwnership((fence) -> {
				if (proofs.incrementAndGet() == 2) {
					throw new FencedException(fence);
				}
			}, new RunFence(new RunId("test", 1), 1), stop, clock)) {
				AtomicBoolean lost = new AtomicBoolean();
				Interleavings.Work range = () -> {
					boolean wasLost = lost.get();
					try {
						ownership.check();
						check(!wasLost);
					}
					catch (FencedException ex) {
						lost.set(true);
					}
				};
				Interleavings.together(range, range);
				check(lost.get() && stop.isRequested());
				range.run(); // and stays so
			}
		});
	}

	private static void check(boolean holds) {
		if (!holds) {
			throw new IllegalStateException("it does not hold");
		}
	}

}
