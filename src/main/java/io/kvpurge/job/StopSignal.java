package io.kvpurge.job;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import io.kvpurge.ledger.RunState;

/**
 * A request to end at the next chunk. It is made once, is never taken back, and ends
 * every wait at once. Nobody is interrupted: an interrupt in the middle of a file
 * operation would close the embedded database.
 */
final class StopSignal {

	private final AtomicReference<@Nullable Stop> stop = new AtomicReference<>();

	private final CountDownLatch requested = new CountDownLatch(1);

	/** Asks to stop; the first request stays. */
	void request(String why) {
		request(RunState.STOPPED, why);
	}

	/**
	 * The same, for a reason that makes the run end in another state.
	 */
	void request(RunState state, String why) {
		if (this.stop.compareAndSet(null, new Stop(state, why))) {
			this.requested.countDown();
		}
	}

	boolean isRequested() {
		return this.stop.get() != null;
	}

	/** What the run is then; null if nobody asked. */
	@Nullable RunState state() {
		Stop requested = this.stop.get();
		return (requested != null) ? requested.state() : null;
	}

	/** Why, one line; null if nobody asked. */
	@Nullable String reason() {
		Stop requested = this.stop.get();
		return (requested != null) ? requested.reason() : null;
	}

	/**
	 * Waits for that long, or until a stop is requested.
	 * @throws InterruptedException if a stop is or was requested
	 */
	void await(Duration duration) throws InterruptedException {
		if (this.requested.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
			throw new InterruptedException("stop requested: " + reason());
		}
	}

	/**
	 * A request.
	 *
	 * @param state what the run is then
	 * @param reason why, one line
	 */
	private record Stop(RunState state, String reason) {
	}

}
