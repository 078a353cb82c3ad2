package io.kvpurge.job;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.FencedException;
import io.kvpurge.ledger.LedgerUnavailableException;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.ledger.RunId;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.testkit.MutableClock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class RunOwnershipTests {

	private static final RunFence FENCE = new RunFence(new RunId("test", 1), 1);

	/** On a slow machine a proof may come between the seal and the end of the attempt. */
	@Test
	void aProofAfterTheSealLosesNothingUnlessSomebodyElseSealed(@TempDir Path folder) {
		MemoryStore store = new MemoryStore("owned", Clock.systemUTC());
		store.write(PurgeTester.entries(30));
		PurgeTester tester = new PurgeTester(folder);
		PurgeRun run = tester.run(store, PurgeTester.everyThird(1)).run();
		tester.ledger((ledger) -> {
			for (long fence : new long[] { run.fence(), run.fence() + 1 }) {
				try (RunOwnership ownership = new RunOwnership(ledger::prove, new RunFence(run.id(), fence),
						new StopSignal(), Clock.systemUTC())) {
					assertThatExceptionOfType(FencedException.class).isThrownBy(ownership::check);
					if (fence == run.fence()) {
						assertThatNoException().isThrownBy(() -> ownership.throwIfLost(run));
					}
					else {
						assertThatExceptionOfType(FencedException.class).isThrownBy(() -> ownership.throwIfLost(run));
					}
				}
			}
			return null;
		});
	}

	/**
	 * An embedded ledger has one connection. The step that seals has it, and waited for a
	 * proof that waited for it: for ten seconds, in one of ten runs that took a second.
	 */
	@Test
	void theEndDoesNotWaitForAProofWhichThenCountsNoLonger() throws InterruptedException {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch sealed = new CountDownLatch(1);
		StopSignal stop = new StopSignal();
		RunOwnership ownership = new RunOwnership((fence) -> {
			begun.countDown();
			awaitQuietly(sealed);
			throw new FencedException(fence);
		}, FENCE, stop, Clock.systemUTC());
		try (ownership) {
			ownership.start();
			begun.await();
			ownership.end();
			sealed.countDown(); // Not reached if the end waits for the proof.
		}
		assertThat(ownership.isLost()).isFalse();
		assertThat(stop.isRequested()).isFalse();
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void whatWasLostStaysLostThoughTheLastProofIsYoungAndNobodyElseIsThereAnyMore() {
		AtomicInteger proofs = new AtomicInteger();
		StopSignal stop = new StopSignal();
		MutableClock clock = new MutableClock(Instant.EPOCH);
		try (RunOwnership ownership = new RunOwnership((fence) -> {
			if (proofs.incrementAndGet() == 2) {
				throw new FencedException(fence);
			}
		}, FENCE, stop, clock)) {
			ownership.check();
			clock.advance(DeletionLedger.PROOF_VALIDITY);
			assertThatExceptionOfType(FencedException.class).isThrownBy(ownership::check);
			assertThat(ownership.isLost()).isTrue();
			assertThat(stop.isRequested()).isTrue();
			assertThatExceptionOfType(FencedException.class).isThrownBy(ownership::check);
			clock.advance(DeletionLedger.PROOF_VALIDITY.negated());
			assertThatExceptionOfType(FencedException.class).isThrownBy(ownership::check);
			assertThat(proofs).as("nobody is asked again").hasValue(2);
		}
	}

	@Test
	void aProofIsAskedForWhereTheLastOneIsOldOrOfATimeToCome() {
		AtomicInteger proofs = new AtomicInteger();
		MutableClock clock = new MutableClock(Instant.EPOCH);
		try (RunOwnership ownership = new RunOwnership((fence) -> proofs.incrementAndGet(), FENCE, new StopSignal(),
				clock)) {
			ownership.check();
			clock.advance(DeletionLedger.PROOF_VALIDITY);
			ownership.check();
			assertThat(proofs).hasValue(2);
			clock.advance(Duration.ofNanos(-1));
			ownership.check();
			assertThat(proofs).hasValue(3);
		}
	}

	@Test
	void aProofThatFailsProvesNothingAndLosesNothing() {
		AtomicInteger proofs = new AtomicInteger();
		try (RunOwnership ownership = new RunOwnership((fence) -> {
			if (proofs.incrementAndGet() == 1) {
				throw new LedgerUnavailableException("the database is away", new IOException());
			}
		}, FENCE, new StopSignal(), Clock.systemUTC())) {
			assertThatExceptionOfType(LedgerUnavailableException.class).isThrownBy(ownership::check);
			assertThat(ownership.isLost()).isFalse();
			ownership.check();
			assertThat(proofs).hasValue(2);
		}
	}

}
