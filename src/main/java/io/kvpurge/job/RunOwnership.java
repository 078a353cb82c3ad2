package io.kvpurge.job;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.FencedException;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.ledger.RunState;

/**
 * Proves once a second that this process still owns its run, and stands before every
 * delete: none is sent unless the last proof is young. Once it is lost, it stays lost.
 */
final class RunOwnership implements AutoCloseable {

	private static final long INTERVAL_MILLIS = 1000;

	private final Consumer<RunFence> prover;

	private final RunFence fence;

	private final StopSignal stop;

	private final Clock clock;

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "ownership");
		thread.setDaemon(true);
		return thread;
	});

	private volatile @Nullable Proof proof;

	private volatile @Nullable RuntimeException lost;

	private volatile boolean ended;

	/**
	 * @param prover throws a {@link FencedException} if the fence is not the run's any
	 * more
	 */
	RunOwnership(Consumer<RunFence> prover, RunFence fence, StopSignal stop, Clock clock) {
		this.prover = prover;
		this.fence = fence;
		this.stop = stop;
		this.clock = clock;
	}

	void start() {
		ScheduledFuture<?> unused = this.timer.scheduleWithFixedDelay(LogLabels.carriedTo(this::proveQuietly), 0,
				INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
	}

	private void proveQuietly() {
		try {
			prove();
		}
		catch (RuntimeException ex) {
			// It is remembered, and the run ends at its next chunk.
		}
	}

	/**
	 * To be called right before a delete is sent.
	 * @throws FencedException if this process may not own the run any more: it must not
	 * be sent
	 */
	void check() {
		throwIfLost();
		Proof last = this.proof;
		if (last == null || !last.isYoung(this.clock.instant())) {
			prove();
		}
	}

	private synchronized void prove() {
		Proof begun = new Proof(this.clock.instant(), System.nanoTime());
		try {
			this.prover.accept(this.fence);
			this.proof = begun;
		}
		catch (FencedException ex) {
			if (!this.ended) {
				this.lost = ex;
				this.stop.request("its ownership was lost");
			}
			throw ex;
		}
	}

	/** Whether it was lost. */
	boolean isLost() {
		return this.lost != null;
	}

	/**
	 * Does nothing if this process was the owner to the end. A proof that comes after the
	 * seal finds no run under way: where this fence completed it, nothing was lost.
	 * @param run as it stands in the ledger at the end
	 * @throws FencedException if the ownership was lost
	 */
	void throwIfLost(PurgeRun run) {
		if (run.state() != RunState.COMPLETED || run.fence() != this.fence.fence()) {
			throwIfLost();
		}
	}

	private void throwIfLost() {
		RuntimeException known = this.lost;
		if (known != null) {
			throw known;
		}
	}

	/**
	 * Called when nothing is sent any more, right before the seal, which looks itself who
	 * the owner is: what a proof says that is under way counts no longer. It is not
	 * waited for, as it may be waiting for the connection that the caller has.
	 */
	void end() {
		this.ended = true;
		this.timer.shutdown();
	}

	@Override
	public void close() {
		end();
		try {
			this.timer.awaitTermination(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * When a proof that succeeded was begun: by the clock, which also counts the time for
	 * which the machine was suspended, and by the processor's, which nobody sets back.
	 */
	private record Proof(Instant at, long nanos) {

		boolean isYoung(Instant now) {
			Duration age = Duration.between(this.at, now);
			Duration elapsed = Duration.ofNanos(System.nanoTime() - this.nanos);
			return !age.isNegative() && age.compareTo(DeletionLedger.PROOF_VALIDITY) < 0
					&& elapsed.compareTo(DeletionLedger.PROOF_VALIDITY) < 0;
		}

	}

}
